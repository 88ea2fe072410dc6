package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time limits that an application has set for plain Spring Boot keep their meaning. */
@Timeout(180)
class TimeLimitsIT {

    /** Longer than the drain takes unless the application says otherwise. */
    private static final int LONG_MILLIS = 27_000;

    @Test
    void aRequestIsAwaitedForAsLongAsTheApplicationAllowsForAPhase() {
        ConcurrentClients<RawResponse> responses = ConcurrentClients.start("limits", 1, () -> slow(true));
        RawResponse plain = slow(false);
        assertThat(plain.status()).isEqualTo(200);
        assertThat(responses.results(Duration.ofMinutes(2)))
                .singleElement()
                .satisfies((response) -> assertThat(response.status()).isEqualTo(200));
    }

    private static RawResponse slow(boolean drain) {
        try (ApplicationProcess application = ApplicationProcess.of(HelloApplication.class)
                .with("--spring.lifecycle.timeout-per-shutdown-phase=40s", "--server.shutdown=graceful")
                .drain(drain)
                .start()) {
            ConcurrentClients<RawResponse> response = ConcurrentClients.start(
                    "slow",
                    1,
                    () -> application
                            .client()
                            .withPatience(Duration.ofMinutes(1))
                            .get("/slow?ms=" + LONG_MILLIS));
            application.awaitLine("slow begins");
            application.terminate();
            application.awaitExit();
            return response.results(Duration.ofMinutes(1)).get(0);
        }
    }

    @Test
    void aTimeoutWithoutItsUnitIsPointedOut() {
        try (ApplicationProcess application = ApplicationProcess.of(HelloApplication.class)
                .with("--server.drain.timeout=60")
                .start()) {
            assertThat(application.output().lines((line) -> line.contains(" WARN ") && line.contains("60s")))
                    .singleElement()
                    .asString()
                    .contains("server.drain.timeout");
        }
    }
}
