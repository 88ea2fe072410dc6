// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients whose bodies never come, or never end, after the response. */
abstract class StallContract {

    private static final int STALLED = 200;

    private static final int THREADS = 20;

    private static final long ANNOUNCED_BYTES = 64L * 1024 * 1024;

    private static final long SENT_BYTES = 64L * 1024;

    private static final long ENDLESS_BYTES = 1L << 40;

    private static final long LINGER_BYTES = 20L * 1024 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Far from the limits of a lingering close: what ends it late is the handshakes of the others. */
    private static final Duration END = Duration.ofSeconds(30);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Target target;

    StallContract(Target target) {
        this.target = target;
    }

    @Test
    void stalledClientsHaveTheirResponsesAndHoldNoThread() throws IOException {
        try (SampleProcess server = start(this.target
                .sample()
                .with(
                        "--server.drain.linger.idle-timeout=3s",
                        "--server.drain.linger.timeout=6s",
                        "--server.drain.linger.max-bytes=" + LINGER_BYTES + "B"))) {
            List<RawConnection> stalled = connect(server, LIMIT);
            assertThat(stall(stalled))
                    .hasSize(STALLED)
                    .allSatisfy(
                            (response) -> assertThat(response.summary()).startsWith("COMPLETE 200, 1000 bytes, EOF"));
            assertHelloIsFast(server);
            assertEndlessBodiesEnd(server);
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(lingering(server)).isEqualTo("0"));
            stalled.forEach(RawConnection::close);
        }
    }

    /** Where the container never waits for a body that nobody reads, this says so. */
    @Test
    void stalledClientsHoldEveryThreadWithoutTheDrain() throws IOException {
        this.target.assumeCommonControl();
        try (SampleProcess server = start(this.target.control())) {
            // A client that holds no thread has its response in the end, however busy the machine.
            Duration patience = this.target.loses(Loss.STALLED_THREADS) ? PATIENCE : LIMIT;
            List<RawConnection> stalled = connect(server, patience);
            long unserved = stall(stalled).stream()
                    .filter((response) -> response.outcome() == Outcome.TIMEOUT)
                    .count();
            RawResponse hello = server.client().withPatience(patience).get("/hello");
            this.target.print("%d stalled clients without the drain: %d without a response, /hello %s"
                    .formatted(STALLED, unserved, hello.summary()));
            if (this.target.loses(Loss.STALLED_THREADS)) {
                assertThat(unserved).isPositive();
                assertThat(hello.outcome()).isEqualTo(Outcome.TIMEOUT);
            } else {
                assertThat(unserved).isZero();
                assertThat(hello.outcome()).isEqualTo(Outcome.COMPLETE);
            }
            stalled.forEach(RawConnection::abort);
        }
    }

    private SampleProcess start(SampleProcess.Builder builder) {
        return builder.with(this.target.variant().workerThreads(THREADS)).start();
    }

    private static List<RawConnection> connect(SampleProcess server, Duration patience) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < STALLED; i++) {
            connections.add(server.client().withPatience(patience).connect());
        }
        return connections;
    }

    /** Sends the first part of a body on each of {@code connections}, and returns the responses to that. */
    private List<RawResponse> stall(List<RawConnection> connections) {
        return ConcurrentClients.forEach("stalled", connections, (connection) -> {
                    connection
                            .head("POST", "/reveal?bytes=1000", ANNOUNCED_BYTES, fields())
                            .body(SENT_BYTES);
                    RawResponse response = connection.readResponse();
                    return response.outcome().isLost() ? response : response.endedBy(connection.awaitEnd(END));
                })
                .results(LIMIT);
    }

    private void assertHelloIsFast(SampleProcess server) {
        long start = System.nanoTime();
        int requests = 20;
        for (int i = 0; i < requests; i++) {
            assertThat(server.client().withPatience(PATIENCE).get("/hello").summary())
                    .startsWith("COMPLETE 200");
        }
        long each = Duration.ofNanos(System.nanoTime() - start).toMillis() / requests;
        this.target.print("/hello beside %d stalled clients: %d ms each".formatted(STALLED, each));
        assertThat(each).isLessThan(1000);
    }

    /** A connection that is to be kept has no end where the container reads whatever comes. */
    private String[] fields() {
        boolean keptWithoutEnd = this.target.variant().container().readsUnwantedBodies();
        return keptWithoutEnd ? new String[] {"Connection: close"} : new String[0];
    }

    private void assertEndlessBodiesEnd(SampleProcess server) throws IOException {
        RawConnection flood = responded(server);
        // Before the response, because the connection lingers from then on.
        long start = System.nanoTime();
        RawConnection trickle = responded(server);
        ConcurrentClients<Long> flooding = ConcurrentClients.start(
                "flood", 1, () -> flood.body(ENDLESS_BYTES).bytesWritten());
        ConcurrentClients<Duration> trickling =
                ConcurrentClients.start("trickle", 1, () -> trickleUntilClosed(trickle, start));
        long flooded = flooding.results(LIMIT).get(0);
        Duration trickled = trickling.results(LIMIT).get(0);
        this.target.print("endless bodies: ended after %d bytes (limit %d) and after %d ms (limit 6000)"
                .formatted(flooded, LINGER_BYTES, trickled.toMillis()));
        assertThat(flood.failure()).isNotNull();
        // What both kernels hold comes on top, and more where the machine lets the writer run ahead.
        // The limit counts what is on the wire, of which TLS takes its share.
        assertThat(flooded).isBetween(LINGER_BYTES - LINGER_BYTES / 50, 5 * LINGER_BYTES);
        // Not by the other limit, which would be over after half as long.
        assertThat(trickled).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(20));
    }

    private RawConnection responded(SampleProcess server) throws IOException {
        RawConnection connection = server.client()
                .withPatience(LIMIT)
                .connect()
                .head("POST", "/reject", ENDLESS_BYTES, fields())
                .body(1);
        assertThat(connection.readResponse().summary()).startsWith("COMPLETE 413, 8 bytes");
        return connection;
    }

    private static Duration trickleUntilClosed(RawConnection connection, long start) {
        long deadline = start + LIMIT.toNanos();
        while (connection.failure() == null && System.nanoTime() - deadline < 0) {
            connection.body(1);
            Moment.await(System.nanoTime(), Duration.ofMillis(50));
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static String lingering(SampleProcess server) {
        return Json.text(server.client().get("/actuator/drain"), "$.lingering");
    }
}
