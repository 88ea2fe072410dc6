// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ClassPath;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.Ports;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application that was processed ahead of time, in a process of its own. */
@Timeout(300)
class AheadOfTimeIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Decides on beans, so it has to be known when the application is processed. */
    private static final String EXPOSED = "--management.endpoints.web.exposure.include=health,drain";

    @TempDir
    private static Path directory;

    private static String classPath = "";

    @BeforeAll
    static void process() throws IOException {
        classPath = AheadOfTime.process(AheadOfTimeApplication.class, directory, EXPOSED);
    }

    private static ChildProcess start(int port, String... arguments) {
        List<String> command = new ArrayList<>(ClassPath.javaWith(classPath));
        command.addAll(List.of(
                "-Dspring.aot.enabled=true", AheadOfTimeApplication.class.getName(), "--server.port=" + port, EXPOSED));
        command.addAll(List.of(arguments));
        ChildProcess application = ChildProcess.start("ahead-of-time", command);
        application.output().await((line) -> line.contains("Started AheadOfTimeApplication"), LIMIT);
        assertThat(application.output().text()).contains("Starting AOT-processed AheadOfTimeApplication");
        return application;
    }

    @Test
    void drains() throws Exception {
        int port = Ports.free();
        try (ChildProcess application = start(port)) {
            RawClient client = RawClient.plain("localhost", port);
            assertThat(client.get("/actuator/drain").text()).contains("\"phase\":\"RUNNING\"");
            RawResponse slow = terminateInService(application, client);
            assertThat(slow.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(slow.isConnectionClose()).isTrue();
            assertThat(application.awaitExit(LIMIT).code()).isEqualTo(143);
            assertThat(application.output().text()).contains("Drain ANNOUNCED", "Drain report");
        }
    }

    @Test
    void doesNotDrainWhereThatIsSwitchedOffOnlyWhenItStarts() throws Exception {
        int port = Ports.free();
        try (ChildProcess application = start(port, "--server.drain.enabled=false")) {
            RawClient client = RawClient.plain("localhost", port);
            assertThat(client.get("/actuator/drain").status()).isEqualTo(404);
            assertThat(client.get("/actuator/health").status()).isEqualTo(200);
            RawResponse slow = terminateInService(application, client);
            assertThat(slow.outcome()).isEqualTo(Outcome.COMPLETE);
            assertThat(application.awaitExit(LIMIT).code()).isEqualTo(143);
            assertThat(application.output().text())
                    .contains("Commencing graceful shutdown")
                    .doesNotContain("Drain ");
        }
    }

    /** Terminates the application while it serves a request; returns the response. */
    private static RawResponse terminateInService(ChildProcess application, RawClient client) throws IOException {
        RawConnection slow = client.connect().request("GET", "/slow");
        application.output().await((line) -> line.equals("in service"), LIMIT);
        application.terminate();
        return slow.read();
    }
}
