// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ClassPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * A stopped context holds nothing open, so that a checkpoint can be made of the process. In processes of their own, as
 * other tests open and close descriptors, too.
 */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "Descriptors are counted in /proc")
class CheckpointIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void nothingIsOpenAfterAStop() {
        int plain = openAfterStop(false, 0);
        assertThat(openAfterStop(true, plain))
                .as("sockets and selectors, with the starter")
                .isLessThanOrEqualTo(plain);
    }

    private static int openAfterStop(boolean drain, int allowed) {
        List<String> command = new ArrayList<>(ClassPath.javaOfTests());
        command.addAll(List.of(StoppedApplication.class.getName(), Boolean.toString(drain), Integer.toString(allowed)));
        try (ChildProcess application = ChildProcess.start("stopped", command)) {
            assertThat(application.awaitExit(LIMIT).code())
                    .as(application.output()::tail)
                    .isZero();
            return application.output().lines((line) -> line.startsWith(StoppedApplication.RESULT)).stream()
                    .mapToInt((line) -> Integer.parseInt(line.substring(StoppedApplication.RESULT.length())))
                    .sum();
        }
    }
}
