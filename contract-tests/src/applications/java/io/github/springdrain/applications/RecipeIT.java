// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications that end by themselves what they serve, as they had to before Spring Boot did it for them. */
@Timeout(180)
class RecipeIT {

    private static final Duration IN_TIME = Duration.ofSeconds(8);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int CLIENTS = 3;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestsInServiceHaveTheirResponsesAndTheEndComesInTime(boolean drain) {
        try (ApplicationProcess application =
                ApplicationProcess.of(RecipeApplication.class).drain(drain).start()) {
            ConcurrentClients<RawResponse> slow = ConcurrentClients.start(
                    "slow", CLIENTS, () -> application.client().get("/slow?ms=2000"));
            AtomicInteger begun = new AtomicInteger();
            application
                    .output()
                    .await((line) -> line.contains("slow begins") && begun.incrementAndGet() == CLIENTS, PATIENCE);
            long signal = application.terminate();
            ChildProcess.Exit exit = application.awaitExit();
            List<RawResponse> responses = slow.results(Duration.ofSeconds(30));
            System.out.printf(
                    "drain %s: %s, ended after %d ms%n",
                    drain, responses, exit.since(signal).toMillis());
            assertThat(responses)
                    .allSatisfy((response) -> assertThat(response.status()).isEqualTo(200));
            assertThat(exit.since(signal)).isLessThan(IN_TIME);
            assertThat(application.output().text()).doesNotContain("RejectedExecution", "The recipe found no executor");
            application.awaitLine("The recipe has ended: true");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void longPollsAreCompletedByTheApplicationAndTheEndComesInTime(boolean drain) {
        try (ApplicationProcess application =
                ApplicationProcess.of(PollsApplication.class).drain(drain).start()) {
            ConcurrentClients<RawResponse> polls = ConcurrentClients.start(
                    "poll", CLIENTS, () -> application.client().get("/poll"));
            application.awaitLine("Polls: " + CLIENTS);
            long signal = application.terminate();
            ChildProcess.Exit exit = application.awaitExit();
            System.out.printf(
                    "long polls, drain %s: ended after %d ms%n",
                    drain, exit.since(signal).toMillis());
            assertThat(polls.results(Duration.ofSeconds(30))).allSatisfy((response) -> {
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.text()).isEqualTo("closing");
            });
            assertThat(exit.since(signal)).isLessThan(IN_TIME);
        }
    }
}
