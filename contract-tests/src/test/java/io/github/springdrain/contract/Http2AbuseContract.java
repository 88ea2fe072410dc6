package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What HTTP/2 peers that keep to no rule can do to a drain: use up its deadline, and nothing else. */
abstract class Http2AbuseContract {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration DEADLINE = Duration.ofSeconds(4);

    /** Twenty workers, and what the container, the JVM and the drain have of their own. */
    private static final int THREADS = 120;

    private final Target target;

    Http2AbuseContract(Target target) {
        this.target = target;
    }

    @Test
    void abusivePeersNeitherHoldTheEndNorOtherClients() throws IOException {
        assumeFalse(
                this.target.variant().container().isStarvedByUnreadStreams(),
                "One such peer takes every thread from the others, with the drain and without");
        try (SampleProcess server = this.target
                        .sample()
                        .with(
                                "--server.http2.enabled=true",
                                "--server.drain.announce.delay=1s",
                                "--server.drain.timeout=" + DEADLINE.toSeconds() + "s")
                        .with(this.target.variant().workerThreads(20))
                        .withJvm("-Xmx128m")
                        .start();
                AbusivePeers peers = new AbusivePeers(server)) {
            Http2Connection good = server.http2().connect();
            assertThat(good.get("/hello").await(LIMIT).summary()).isEqualTo("COMPLETE 200, 5 bytes");
            peers.openStreamsAndReadNothing();
            Http2Stream slow = good.get("/slow?ms=1500");
            double threads = Double.parseDouble(
                    Json.text(server.client().get("/actuator/metrics/jvm.threads.live"), "$.measurements[0].value"));

            long signal = server.terminate();
            server.output().await((line) -> line.contains("Drain ANNOUNCED"), LIMIT);
            Http2Stream late = good.get("/hello").await(LIMIT);
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            peers.awaitEnd();
            this.target.print("abusive peers: %s, %.0f threads, gone %d ms after the signal (deadline: %d)"
                    .formatted(peers.summary(), threads, exit.since(signal).toMillis(), DEADLINE.toMillis()));

            assertThat(exit.since(signal)).isLessThan(DEADLINE.plusSeconds(8));
            assertThat(exit.code()).isEqualTo(143);
            assertThat(late.summary()).isEqualTo("COMPLETE 200, 5 bytes");
            assertThat(slow.await(LIMIT).summary()).isEqualTo("COMPLETE 200, 9 bytes");
            assertThat(threads).isLessThan(THREADS);
            assertThat(server.output().text()).doesNotContain("OutOfMemoryError");
        }
    }
}
