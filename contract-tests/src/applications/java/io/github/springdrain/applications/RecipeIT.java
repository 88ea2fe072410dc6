package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application that pauses its connector and shuts the container's threads down by itself. */
@Timeout(180)
class RecipeIT {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestsInServiceAreAnsweredAndTheEndComesInTime(boolean drain) {
        try (ApplicationProcess application =
                ApplicationProcess.of(RecipeApplication.class).drain(drain).start()) {
            ConcurrentClients<RawResponse> slow = ConcurrentClients.start(
                    "slow", 3, () -> application.client().get("/slow?ms=2000"));
            application.awaitLine("slow begins");
            long signal = application.terminate();
            ChildProcess.Exit exit = application.awaitExit();
            List<RawResponse> responses = slow.results(Duration.ofSeconds(30));
            System.out.printf(
                    "drain %s: %s, ended after %d ms%n",
                    drain, responses, exit.since(signal).toMillis());
            assertThat(responses)
                    .allSatisfy((response) -> assertThat(response.status()).isEqualTo(200));
            assertThat(exit.since(signal)).isLessThan(Duration.ofSeconds(8));
            assertThat(application.output().text()).doesNotContain("RejectedExecution", "The recipe found no executor");
            application.awaitLine("The recipe has ended: true");
        }
    }
}
