// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChildProcessTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void keepsTheOutputAndTheExitCode() {
        try (ChildProcess process = shell("echo one; echo two >&2; exit 3")) {
            assertThat(process.awaitExit(LIMIT).code()).isEqualTo(3);
            process.output().await("two"::equals, LIMIT);
            assertThat(process.output().text()).isEqualTo("one\ntwo");
        }
    }

    @Test
    void terminatesByASignal() {
        try (ChildProcess process =
                shell("trap 'echo leaving; exit 7' TERM; echo ready; while :; do read -r line; done")) {
            process.output().await("ready"::equals, LIMIT);
            long signal = process.terminate();
            ChildProcess.Exit exit = process.awaitExit(LIMIT);
            assertThat(exit.code()).isEqualTo(7);
            assertThat(exit.since(signal)).isPositive();
            process.output().await("leaving"::equals, LIMIT);
        }
    }

    @Test
    void failsAtOnceWhenALineCanNoLongerCome() {
        try (ChildProcess process = shell("echo other")) {
            assertThatThrownBy(() -> process.output().await("wanted"::equals, LIMIT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("ended without")
                    .hasMessageContaining("other");
        }
    }

    @Test
    void leavesNothingBehind() {
        ChildProcess process = shell("trap '' TERM; echo ready; while :; do read -r line; done");
        process.output().await("ready"::equals, LIMIT);
        process.close();
        assertThat(process.isAlive()).isFalse();
    }

    private static ChildProcess shell(String script) {
        return ChildProcess.start("shell", List.of("sh", "-c", script));
    }
}
