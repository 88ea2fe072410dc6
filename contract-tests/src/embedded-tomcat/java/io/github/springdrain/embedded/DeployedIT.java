// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ClassPath;
import io.github.springdrain.contract.RawClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A WAR in an external container is drained without a look at the container; the same with a server of its own is not. */
@Timeout(180)
class DeployedIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @Test
    void theContainerIsNotProbedAndOneLineSaysSo(@TempDir Path folder) {
        assertDrained(folder, ClassPath.javaOfTests());
    }

    /** Where it will run is not known when it is built. */
    @Test
    void theSameWhereTheApplicationWasProcessedAheadOfTime(@TempDir Path folder, @TempDir Path generated)
            throws IOException {
        List<String> java =
                new ArrayList<>(ClassPath.javaWith(AheadOfTime.process(DeployedApplication.class, generated)));
        java.add("-Dspring.aot.enabled=true");
        List<String> lines = assertDrained(folder, java);
        assertThat(lines)
                .filteredOn((line) -> line.contains("Starting AOT-processed DeployedApplication"))
                .hasSize(2);
    }

    /** Returns what the process has logged. */
    private static List<String> assertDrained(Path folder, List<String> java) {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(Deployment.class.getName(), folder.toString()));
        try (ChildProcess process = ChildProcess.start("deployed", command)) {
            String line = process.output()
                    .await((text) -> text.startsWith(Deployment.DEPLOYED), LIMIT)
                    .text();
            int port = Integer.parseInt(line.substring(Deployment.DEPLOYED.length()));
            assertThat(RawClient.plain("localhost", port).get("/hello").status())
                    .isEqualTo(200);
            process.send("undeploy");
            process.awaitExit(LIMIT);
            List<String> lines = process.output().lines((text) -> true);
            int undeployed = lines.indexOf(Deployment.UNDEPLOYED);
            assertThat(undeployed).as("undeployed").isPositive();
            assertThat(drain(lines.subList(0, undeployed)))
                    .satisfiesExactly(
                            (text) -> assertThat(text).contains("Drain without a server"),
                            (text) -> assertThat(text).contains("Drain report", "no server was drained"));
            assertThat(drain(lines.subList(undeployed, lines.size())))
                    .satisfiesExactly(
                            (text) -> assertThat(text).contains("Accept queue of Tomcat"),
                            (text) -> assertThat(text).contains("Drain report").doesNotContain("no server"));
            return lines;
        }
    }

    private static List<String> drain(List<String> lines) {
        return lines.stream()
                .filter((line) -> line.contains("Accept queue of")
                        || line.contains("Drain without a server")
                        || line.contains("Drain report"))
                .toList();
    }
}
