// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.Ports;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several contexts with a server each, in one process. */
@Timeout(180)
class FamilyIT {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    /** Plain Spring Boot may lose the response of a sibling. */
    @ParameterizedTest(name = "siblings {0}, drain {1}")
    @CsvSource({"false, true", "false, false", "true, true", "true, false"})
    void requestsOfBothServersHaveTheirResponsesAndTheEndComesInTime(boolean siblings, boolean drain) {
        int otherPort = Ports.free();
        try (ApplicationProcess application = family(siblings, otherPort)
                .with("--server.shutdown=graceful")
                .drain(drain)
                .start()) {
            ConcurrentClients<RawResponse> slow = askBoth(application, otherPort, 3000);
            long signal = application.terminate();
            ChildProcess.Exit exit = application.awaitExit();
            List<RawResponse> responses = slow.results(Duration.ofSeconds(30));
            System.out.printf(
                    "siblings %s, drain %s: %s, ended after %d ms%n",
                    siblings, drain, responses, exit.since(signal).toMillis());
            if (drain) {
                assertThat(responses).extracting(RawResponse::status).containsOnly(200);
            }
            assertThat(exit.since(signal)).isLessThan(Duration.ofSeconds(7));
        }
    }

    /** Spring closes them one after the other: the second of them would have a deadline of its own, behind the first. */
    @Test
    void siblingsShareOneDeadline() {
        int otherPort = Ports.free();
        try (ApplicationProcess application =
                family(true, otherPort).with("--server.drain.timeout=2s").start()) {
            ConcurrentClients<RawResponse> slow = askBoth(application, otherPort, 60_000);
            application.terminate();
            application.awaitExit();
            slow.results(Duration.ofSeconds(30));
            assertThat(application.output().lines((line) -> line.contains("Drain ANNOUNCED") || isDeadline(line)))
                    .extracting(FamilyIT::isDeadline)
                    .containsExactly(false, false, true, true);
        }
    }

    private static boolean isDeadline(String line) {
        return line.contains("Drain FORCING");
    }

    private static ApplicationProcess.Builder family(boolean siblings, int otherPort) {
        return ApplicationProcess.of(FamilyApplication.class)
                .withJvm(
                        "-D" + FamilyApplication.OTHER_PORT + "=" + otherPort,
                        "-D" + FamilyApplication.SIBLINGS + "=" + siblings);
    }

    /** Returns when a request is in service on each of the two servers. */
    private static ConcurrentClients<RawResponse> askBoth(ApplicationProcess application, int otherPort, int ms) {
        awaitTwice(application, "Tomcat started on port ");
        List<RawClient> clients = List.of(application.client(), application.client(otherPort));
        ConcurrentClients<RawResponse> slow =
                ConcurrentClients.forEach("slow", clients, (client) -> client.get("/slow?ms=" + ms));
        awaitTwice(application, "slow begins");
        return slow;
    }

    private static void awaitTwice(ApplicationProcess application, String part) {
        AtomicInteger count = new AtomicInteger();
        application.output().await((line) -> line.contains(part) && count.incrementAndGet() == 2, START_LIMIT);
    }
}
