// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * What is open-ended is terminated: WebSocket sessions and server-sent events, whatever their peers do.
 */
abstract class OpenEndedContract {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int SESSIONS = 12;

    private static final int STREAMS = 4;

    private static final int BESIDE = 4;

    /** Pings after which the flood is under way. */
    private static final int FLOODED = 100;

    private static final int BURST = 100;

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Target target;

    OpenEndedContract(Target target) {
        this.target = target;
    }

    @Test
    void sessionsAndStreamsEndOnPurposeWhateverTheirPeersDo() throws IOException {
        try (SampleProcess server = this.target
                .sample()
                .with(
                        "--server.http2.enabled=true",
                        "--server.drain.timeout=6s",
                        "--server.drain.connections.stall-timeout=2s",
                        "--server.drain.websocket.close-spread=1s",
                        "--server.drain.streams.timeout=2s",
                        "--server.drain.streams.retry=2500ms")
                .start()) {
            // There, others of its thread are told of the end only when the flood is over.
            boolean starved = this.target.variant().container().isStarvedByFloods();
            List<WebSocketPeer> peers = open(server, SESSIONS);
            WebSocketPeer mute = open(server, 1).get(0);
            WebSocketPeer flooding = open(server, 1).get(0);
            RawConnection slowReader = server.client().connect().request("GET", "/sse?ms=20");
            ConcurrentClients<WebSocketClose> closes =
                    ConcurrentClients.forEach("session", peers, (peer) -> WebSocketClose.of(peer, true, LIMIT));
            ConcurrentClients<WebSocketClose> muteClose =
                    ConcurrentClients.start("mute", 1, () -> WebSocketClose.of(mute, false, LIMIT));
            AtomicBoolean over = new AtomicBoolean();
            ConcurrentClients<Integer> trickle =
                    ConcurrentClients.start("slow-reader", 1, () -> trickle(slowReader, over));
            ConcurrentClients<TimedResponse> streams = ConcurrentClients.start("sse", STREAMS, () -> stream(server));
            Http2Stream multiplexed = server.http2().connect().get("/sse?ms=50");
            Moment.await(System.nanoTime(), Duration.ofMillis(600));
            List<RawConnection> uploading = beginUploads(server);
            Backlog.awaitEmpty(server.port(), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(300));
            // Not before the others are in service: where one thread serves many connections, they would have to wait
            // for it, and be read, accepted and responded to at any time, before the signal or long after it.
            CountDownLatch flooded = new CountDownLatch(FLOODED);
            ConcurrentClients<Boolean> flood = ConcurrentClients.start("flood", 1, () -> {
                if (starved) {
                    closes.results(LIMIT);
                }
                return flood(flooding, flooded);
            });
            if (!starved) {
                awaitFlood(flooded);
            }

            long signal = server.terminate();
            // On a loaded machine the signal takes its time to reach the application; all is announced then.
            server.output().await((line) -> line.contains("Drain EMPTYING_ACCEPT_QUEUE"), LIMIT);
            ConcurrentClients<TimedResponse> beside = ConcurrentClients.forEach(
                    "beside", uploading, (connection) -> TimedResponse.on(connection.body(1)));
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            assertThat(beside.results(LIMIT))
                    .allSatisfy((seen) -> assertThat(seen.summary()).startsWith("COMPLETE 200, 1 bytes, EOF"));
            assertSessionsEnd(closes.results(LIMIT), signal);
            assertThat(muteClose.results(LIMIT).get(0).code()).isEqualTo(1001);
            assertStreamsEnd(streams.results(LIMIT), signal);
            assertThat(multiplexed.await(LIMIT).summary()).startsWith("COMPLETE 200");
            assertThat(flood.results(LIMIT)).containsExactly(true);
            over.set(true);
            assertThat(trickle.results(LIMIT)).allMatch((count) -> count > 0);
            slowReader.close();
            this.target.print("open-ended: gone %d ms after the signal (deadline: 6000)"
                    .formatted(exit.since(signal).toMillis()));
            // A client that sends without end is read from until the deadline, and no longer.
            assertThat(exit.since(signal))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6).plus(DrainVerdict.SLACK));
        }
    }

    private void assertSessionsEnd(List<WebSocketClose> closes, long signal) {
        assertThat(closes).allSatisfy((close) -> {
            assertThat(close.code()).isEqualTo(1001);
            assertThat(close.reason()).isIn("The server is going away", "The server is stopping");
            assertThat(close.ending()).isEqualTo(ConnectionEnd.EOF);
        });
        List<Long> millis = closes.stream()
                .map((close) -> Duration.ofNanos(close.atNanos() - signal).toMillis())
                .sorted()
                .toList();
        this.target.print("close frames, ms after the signal: " + millis);
        // Twelve moments drawn from one second: all within a tenth of it is a matter of one in a thousand million.
        assertThat(WebSocketClose.spread(closes)).isGreaterThan(Duration.ofMillis(100));
    }

    private void assertStreamsEnd(List<TimedResponse> streams, long signal) {
        assertThat(streams).allSatisfy((seen) -> {
            assertThat(seen.response().outcome()).isEqualTo(Outcome.COMPLETE);
            // An event may still slip in between the hint and the end.
            assertThat(seen.response().text()).contains("event:tick\ndata:tick\n\n", "retry:2500\n\n");
            assertThat(Duration.ofNanos(seen.atNanos() - signal)).isGreaterThan(Duration.ofMillis(1900));
        });
    }

    static TimedResponse stream(SampleProcess server) throws IOException {
        RawConnection connection = server.client().withPatience(LIMIT).connect().request("GET", "/sse?ms=50");
        return TimedResponse.on(connection);
    }

    /** Requests that are in service until their clients send the last byte. */
    private static List<RawConnection> beginUploads(SampleProcess server) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < BESIDE; i++) {
            connections.add(server.client()
                    .withPatience(LIMIT)
                    .connect()
                    .head("POST", "/upload", 2)
                    .body(1));
        }
        return connections;
    }

    static List<WebSocketPeer> open(SampleProcess server, int count) throws IOException {
        List<WebSocketPeer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(WebSocketPeer.open(server.client().withPatience(LIMIT), "/ws"));
        }
        return peers;
    }

    /** Pings in bursts for as long as the server takes it, and reads nothing; comes back once it is refused. */
    private static boolean flood(WebSocketPeer peer, CountDownLatch flooded) {
        long start = System.nanoTime();
        while (!peer.isBroken() && System.nanoTime() - start < LIMIT.toNanos()) {
            for (int i = 0; i < BURST; i++) {
                peer.ping();
                flooded.countDown();
            }
            // Others of its thread are told of the end only when a burst is over.
            Moment.await(System.nanoTime(), PAUSE);
        }
        return peer.isBroken();
    }

    private static void awaitFlood(CountDownLatch flooded) {
        try {
            assertThat(flooded.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    /** Reads one byte a second. */
    private static int trickle(RawConnection connection, AtomicBoolean over) throws IOException {
        int count = 0;
        connection.input().giveUpAfter(LIMIT);
        while (!over.get() && connection.input().read() >= 0) {
            count++;
            Moment.await(System.nanoTime(), Duration.ofSeconds(1));
        }
        return count;
    }
}
