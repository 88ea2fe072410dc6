package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What would go on for ever is ended on purpose: WebSocket sessions and server-sent events, whatever their peers do. */
abstract class OpenEndedContract {

    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final int SESSIONS = 12;

    private static final int STREAMS = 4;

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
            List<WebSocketPeer> peers = open(server, SESSIONS);
            WebSocketPeer mute = open(server, 1).get(0);
            WebSocketPeer flooding = open(server, 1).get(0);
            RawConnection slowReader = server.client().connect().request("GET", "/sse?ms=20");
            ConcurrentClients<WebSocketClose> farewells =
                    ConcurrentClients.forEach("session", peers, (peer) -> WebSocketClose.of(peer, true, LIMIT));
            ConcurrentClients<WebSocketClose> muteFarewell =
                    ConcurrentClients.start("mute", 1, () -> WebSocketClose.of(mute, false, LIMIT));
            ConcurrentClients<Boolean> flood = ConcurrentClients.start("flood", 1, () -> flood(flooding));
            AtomicBoolean over = new AtomicBoolean();
            ConcurrentClients<Integer> trickle =
                    ConcurrentClients.start("slow-reader", 1, () -> trickle(slowReader, over));
            ConcurrentClients<TimedResponse> streams = ConcurrentClients.start("sse", STREAMS, () -> stream(server));
            Http2Stream multiplexed = server.http2().connect().get("/sse?ms=50");
            Moment.await(System.nanoTime(), Duration.ofMillis(600));
            ConcurrentClients<TimedResponse> beside = ConcurrentClients.start(
                    "beside",
                    4,
                    () -> TimedResponse.on(server.client().connect().request("GET", "/slow?ms=1500")));
            Backlog.awaitEmpty(server.port(), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(300));

            long signal = server.terminate();
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            assertThat(beside.results(LIMIT))
                    .allSatisfy((seen) -> assertThat(seen.summary()).startsWith("COMPLETE 200, 9 bytes, EOF"));
            assertSessionsEnd(farewells.results(LIMIT), signal);
            assertThat(muteFarewell.results(LIMIT).get(0).code()).isEqualTo(1001);
            assertStreamsEnd(streams.results(LIMIT), signal);
            assertThat(multiplexed.await(LIMIT).summary()).startsWith("COMPLETE 200");
            assertThat(flood.results(LIMIT)).containsExactly(true);
            over.set(true);
            assertThat(trickle.results(LIMIT)).allMatch((count) -> count > 0);
            slowReader.close();
            this.target.print("long-lived: gone %d ms after the signal (deadline: 6000)"
                    .formatted(exit.since(signal).toMillis()));
            // Whoever sends without end is read from until the deadline, and no longer.
            assertThat(exit.since(signal)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(9));
        }
    }

    private void assertSessionsEnd(List<WebSocketClose> farewells, long signal) {
        assertThat(farewells).allSatisfy((farewell) -> {
            assertThat(farewell.code()).isEqualTo(1001);
            assertThat(farewell.reason()).isIn("The server is going away", "The server is stopping");
            assertThat(farewell.ending()).isEqualTo(ConnectionEnd.EOF);
        });
        List<Long> millis = farewells.stream()
                .map((farewell) -> Duration.ofNanos(farewell.atNanos() - signal).toMillis())
                .sorted()
                .toList();
        this.target.print("close frames, ms after the signal: " + millis);
        // Twelve moments drawn from one second: all within a tenth of it is a matter of one in a thousand million.
        assertThat(WebSocketClose.spread(farewells)).isGreaterThan(Duration.ofMillis(100));
    }

    private void assertStreamsEnd(List<TimedResponse> streams, long signal) {
        assertThat(streams).allSatisfy((seen) -> {
            assertThat(seen.answer().outcome()).isEqualTo(Outcome.COMPLETE);
            // An event may still slip in between the hint and the end.
            assertThat(seen.answer().text()).contains("event:tick\ndata:tick\n\n", "retry:2500\n\n");
            assertThat(Duration.ofNanos(seen.atNanos() - signal)).isGreaterThan(Duration.ofMillis(1900));
        });
    }

    static TimedResponse stream(SampleProcess server) throws IOException {
        RawConnection connection = server.client().withPatience(LIMIT).connect().request("GET", "/sse?ms=50");
        return TimedResponse.on(connection);
    }

    static List<WebSocketPeer> open(SampleProcess server, int count) throws IOException {
        List<WebSocketPeer> peers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            peers.add(WebSocketPeer.open(server.client().withPatience(LIMIT), "/ws"));
        }
        return peers;
    }

    /** Pings for as long as the server takes it, and reads nothing; comes back once it is refused. */
    private static boolean flood(WebSocketPeer peer) {
        long start = System.nanoTime();
        while (!peer.isBroken() && System.nanoTime() - start < LIMIT.toNanos()) {
            peer.ping();
        }
        return peer.isBroken();
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
