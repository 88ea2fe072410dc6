// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ConnectionEnd;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawResponse;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The thread that closes the context is not waited for, as nothing but its own end could end it. */
@Timeout(180)
class ClosingThreadIT {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(strings = {"/request", "/scheduled", "/asynchronous"})
    void endsAtOnceWithNothingElseInFlight(String path) {
        try (ApplicationProcess application =
                ApplicationProcess.of(ClosingApplication.class).start()) {
            long start = System.nanoTime();
            RawResponse response = application.client().get(path);
            ChildProcess.Exit exit = application.awaitExit();
            System.out.printf(
                    "%s: %s, ended after %d ms%n",
                    path, response.summary(), exit.since(start).toMillis());
            assertThat(exit.since(start)).isLessThan(LIMIT);
            assertThat(exit.code()).isZero();
            // The request that closes the context ends after its server: its connection ends by FIN.
            assertThat(response.outcome()).isIn(Outcome.COMPLETE, Outcome.NO_RESPONSE);
            assertThat(response.ending()).isEqualTo(ConnectionEnd.EOF);
            assertThat(application.output().lines((line) -> line.startsWith("Interrupted in @PreDestroy")))
                    .containsExactly("Interrupted in @PreDestroy: false");
        }
    }
}
