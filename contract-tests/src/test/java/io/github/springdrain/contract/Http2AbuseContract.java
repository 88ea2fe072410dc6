// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What HTTP/2 peers that keep to no rule can do to a drain: use up its deadline, and nothing else. */
abstract class Http2AbuseContract {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration DEADLINE = Duration.ofSeconds(8);

    /** What the good client may take to learn of it, on a machine whose processors the peers share with it. */
    private static final Duration ANNOUNCEMENT = Duration.ofSeconds(3);

    private static final int WORKERS = 20;

    private final Target target;

    Http2AbuseContract(Target target) {
        this.target = target;
    }

    /**
     * Undertow, with the drain and without, serves others late or not at all beside peers that take every thread;
     * there, these begin when the others have their responses or their thread.
     */
    @Test
    void abusivePeersHoldNeitherTheEndNorClientsInService() throws IOException {
        boolean starved = this.target.variant().container().isStarvedByFloods();
        try (SampleProcess server = this.target
                        .sample()
                        .with(
                                "--server.http2.enabled=true",
                                "--server.drain.announce.delay=" + ANNOUNCEMENT.toSeconds() + "s",
                                "--server.drain.timeout=" + DEADLINE.toSeconds() + "s")
                        .with(this.target.variant().workerThreads(WORKERS))
                        .withJvm("-Xmx128m")
                        .start();
                AbusiveHttp2Clients peers = new AbusiveHttp2Clients(server)) {
            Http2Connection good = server.http2().connect();
            assertThat(good.get("/hello").await(LIMIT).summary()).isEqualTo("COMPLETE 200, 5 bytes");
            if (!starved) {
                peers.overwhelm();
            }
            Http2Stream slow =
                    good.get("/slow?ms=" + ANNOUNCEMENT.plusMillis(500).toMillis());

            long signal = server.terminate();
            server.output().await((line) -> line.contains("Drain ANNOUNCED"), LIMIT);
            Http2Stream late = good.get("/hello").await(LIMIT);
            if (starved) {
                peers.overwhelm();
            }
            int threads = server.peakThreads(LIMIT);
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            peers.awaitEnd();
            this.target.print("abusive peers: %s, %d threads, gone %d ms after the signal (deadline: %d)"
                    .formatted(peers.summary(), threads, exit.since(signal).toMillis(), DEADLINE.toMillis()));

            assertThat(exit.since(signal)).isLessThan(DEADLINE.plus(DrainVerdict.SLACK));
            assertThat(exit.code()).isEqualTo(143);
            assertThat(late.summary()).as("%s", good).isEqualTo("COMPLETE 200, 5 bytes");
            assertThat(slow.await(LIMIT).summary()).isEqualTo("COMPLETE 200, 9 bytes");
            assertThat(threads)
                    .isBetween(
                            WORKERS, WORKERS + this.target.variant().container().mostThreadsBesideWorkers());
            assertThat(server.output().text()).doesNotContain("OutOfMemoryError");
            assertThat(peers.summary())
                    .as("what they sent")
                    .doesNotContain(" 0 streams", " 0 SETTINGS")
                    .doesNotStartWith("0 ");
        }
    }
}
