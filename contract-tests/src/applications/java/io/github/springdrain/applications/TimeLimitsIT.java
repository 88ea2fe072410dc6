// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The time limits that an application has set for plain Spring Boot keep their meaning. */
@Timeout(180)
class TimeLimitsIT {

    /** Longer than the drain takes unless the application says otherwise. */
    private static final Duration LONG = Duration.ofSeconds(27);

    @Test
    void aRequestIsAwaitedForAsLongAsTheApplicationAllowsForAPhase() {
        assertAwaited(LONG, "40s");
    }

    @Test
    @Tag("long")
    void aRequestOfFortySecondsIsAwaitedUnderALimitOfAMinute() {
        assertAwaited(Duration.ofSeconds(40), "60s");
    }

    private static void assertAwaited(Duration service, String limit) {
        ConcurrentClients<RawResponse> responses =
                ConcurrentClients.start("limits", 1, () -> slow(service, limit, true));
        RawResponse plain = slow(service, limit, false);
        assertThat(plain.status()).isEqualTo(200);
        assertThat(responses.results(Duration.ofMinutes(2)))
                .singleElement()
                .satisfies((response) -> assertThat(response.status()).isEqualTo(200));
    }

    private static RawResponse slow(Duration service, String limit, boolean drain) {
        try (ApplicationProcess application = ApplicationProcess.of(HelloApplication.class)
                .with("--spring.lifecycle.timeout-per-shutdown-phase=" + limit, "--server.shutdown=graceful")
                .drain(drain)
                .start()) {
            ConcurrentClients<RawResponse> response = ConcurrentClients.start(
                    "slow",
                    1,
                    () -> application
                            .client()
                            .withPatience(Duration.ofMinutes(2))
                            .get("/slow?ms=" + service.toMillis()));
            application.awaitLine("slow begins");
            long signal = application.terminate();
            ChildProcess.Exit exit = application.awaitExit();
            RawResponse result = response.results(Duration.ofMinutes(1)).get(0);
            System.out.printf(
                    "request of %s, limit %s, drain %s: %s, ended after %d ms%n",
                    service, limit, drain, result, exit.since(signal).toMillis());
            return result;
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
