// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What only a container has to show whose connections are served by event loops, which applications may block. */
abstract class EventLoopContract {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration SOON = Duration.ofSeconds(3);

    private static final Duration DEADLINE = Duration.ofSeconds(3);

    private static final Duration QUIET_PERIOD = Duration.ofSeconds(2);

    private final Target target;

    EventLoopContract(Target target) {
        this.target = target;
    }

    /** A JVM that had ended by itself would have ended with 0. */
    @Test
    void theProcessStaysOnceTheEndpointHasDrainedItAndGoesWithTheSignal() {
        try (SampleProcess server = this.target.sample().start()) {
            assertThat(server.client().post("/actuator/drain").status()).isEqualTo(200);
            server.output().await((line) -> line.contains("Drain report:"), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofSeconds(1));
            long signal = server.terminate();
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            this.target.print("signal after the drain: gone after %d ms"
                    .formatted(exit.since(signal).toMillis()));
            assertThat(exit.code()).isEqualTo(143);
            assertThat(exit.since(signal)).isLessThan(SOON);
        }
    }

    @Test
    void aBlockedEventLoopIsNamedAndHoldsTheProcessUntilTheDeadlineOnly() throws IOException {
        try (SampleProcess server = this.target
                .sample()
                .with("--server.drain.timeout=" + DEADLINE.toSeconds() + "s")
                .start()) {
            RawConnection blocking = server.client().connect().request("GET", "/block?ms=60000");
            Backlog.awaitEmpty(server.port(), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(500));
            long signal = server.terminate();
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            this.target.print("blocked event loop: gone %d ms after the signal (deadline: %d)"
                    .formatted(exit.since(signal).toMillis(), DEADLINE.toMillis()));
            assertThat(exit.since(signal)).isLessThan(DEADLINE.plus(SOON));
            assertThat(server.output().text())
                    .containsPattern("GET /block, \\d+ ms old, from \\S*" + blocking.localPort()
                            + ", IN_SERVICE, thread reactor-http");
            assertThat(server.output().lines((line) -> line.contains("Drain report:")))
                    .singleElement()
                    .asString()
                    .contains("forced", "1 aborted");
        }
    }

    /** What else a signal costs on this container: documented, and the application's to choose. */
    @Test
    void theProcessIsGoneOneQuietPeriodAfterTheLastResponse() throws IOException {
        try (SampleProcess server = this.target
                .sample()
                .with("--spring.reactor.netty.shutdown-quiet-period=" + QUIET_PERIOD.toSeconds() + "s")
                .start()) {
            RawConnection slow = server.client().connect().request("GET", "/slow?ms=1500");
            Backlog.awaitEmpty(server.port(), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(300));
            server.terminate();
            assertThat(slow.read().summary()).startsWith("COMPLETE 200");
            long last = System.nanoTime();
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            this.target.print("quiet period of %d ms: gone %d ms after the last response"
                    .formatted(QUIET_PERIOD.toMillis(), exit.since(last).toMillis()));
            assertThat(exit.since(last)).isBetween(QUIET_PERIOD.minusMillis(200), QUIET_PERIOD.plus(SOON));
        }
    }

    @Test
    void streamsThatHaveTheirResponsesAndNeverEndTheirRequestsDoNotHoldTheDrainToItsDeadline() throws IOException {
        try (SampleProcess server = this.target
                .sample()
                .with("--server.http2.enabled=true", "--server.drain.connections.stall-timeout=1s")
                .start()) {
            Http2Connection connection = server.http2().connect();
            assertThat(connection.post("/reject").await(LIMIT).summary()).startsWith("COMPLETE 413");
            long signal = server.terminate();
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            this.target.print("stream with a response and without an end: gone %d ms after the signal (deadline: 25000)"
                    .formatted(exit.since(signal).toMillis()));
            assertThat(exit.since(signal)).isLessThan(Duration.ofSeconds(10));
            assertThat(server.output().lines((line) -> line.contains("Drain report:")))
                    .singleElement()
                    .asString()
                    .contains("graceful");
        }
    }
}
