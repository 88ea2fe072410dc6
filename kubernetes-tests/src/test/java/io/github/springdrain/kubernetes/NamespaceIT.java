// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.Command;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NamespaceIT {

    /** More than the kernel gives out. */
    private static final String DEAD = "drain-k8s-99999999-pod11";

    @BeforeEach
    void assumePossible() {
        Optional<String> missing = Namespace.missing();
        missing.ifPresent((reason) -> System.out.println("SKIPPED, namespaces: " + reason));
        assumeTrue(missing.isEmpty(), missing.orElse(""));
    }

    @Test
    void whatAKilledRunHasLeftIsRemovedWithItsProcesses() {
        Command.require("ip", "netns", "add", DEAD);
        List<String> sleep = List.of("ip", "netns", "exec", DEAD, "sleep", "600");
        try (ChildProcess left = ChildProcess.start("left", sleep)) {
            Poll.until(
                    "the process is in the namespace",
                    Duration.ofSeconds(10),
                    Duration.ofMillis(20),
                    () -> Command.run("ip", "netns", "pids", DEAD).output().contains(Long.toString(left.pid())));
            Namespace.removeStale();
            left.awaitExit(Duration.ofSeconds(10));
        }
        assertThat(namespaces()).doesNotContain(DEAD);
    }

    @Test
    void whatALivingRunUsesStays() {
        try (Namespace mine = Namespace.create("test")) {
            Namespace.removeStale();
            assertThat(namespaces()).contains(mine.name());
        }
    }

    @Test
    void nothingIsLeftWhenItIsClosed() {
        Namespace mine = Namespace.create("test");
        mine.close();
        assertThat(namespaces()).doesNotContain(mine.name());
    }

    private static String namespaces() {
        return Command.require("ip", "netns", "list");
    }
}
