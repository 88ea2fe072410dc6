// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.linger.LingerOutcome;
import io.github.springdrain.testing.DrainableServerScenarios;
import io.github.springdrain.testing.RawHttp2;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each step on Reactor Netty, whatever its transport. */
abstract class NettyScenarios extends DrainableServerScenarios {

    private static final String UPLOAD = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx";

    private static final IdleLimits PATIENT =
            new IdleLimits(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

    private static final IdleLimits SHORT_STALL =
            new IdleLimits(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(50));

    /** Connections that take an event loop more turns than the drain looks ahead: it accepts sixteen in each. */
    private static final int MANY_TURNS = 100;

    private final boolean nativeTransport;

    NettyScenarios(boolean nativeTransport) {
        super(null);
        this.nativeTransport = nativeTransport;
    }

    @Override
    protected EmbeddedNetty start() {
        return new EmbeddedNetty(this.nativeTransport);
    }

    /** Reactor Netty 1.2 has no limit. */
    @Override
    protected EmbeddedNetty startWithConnections(int limit) {
        return start();
    }

    @Test
    void servesEveryPipelinedRequestBeforeItAdvertisesTheClose() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket client = netty.connect()) {
            netty.server().announce(1);
            send(client, get("/hold") + get("/") + get("/"));
            netty.awaitHeld();
            netty.release();
            assertThat(readResponse(client)).doesNotContainIgnoringCase("Connection: close");
            assertThat(readResponse(client)).doesNotContainIgnoringCase("Connection: close");
            assertThat(readAll(client))
                    .containsIgnoringCase("Connection: close")
                    .endsWith("ok");
        }
    }

    @Test
    void aBodyThatNobodyReadsEndsWithoutAReset() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket client = netty.connect()) {
            netty.server().announce(1);
            send(client, UPLOAD);
            assertThat(readAll(client)).endsWith("ok");
            await().atMost(10, TimeUnit.SECONDS).until(() -> netty.server().lingering() == 1);
            netty.awaitStates();
            send(client, "x".repeat(99_999));
            client.shutdownOutput();
            await().atMost(10, TimeUnit.SECONDS).until(() -> netty.closer().active() == 0);
            assertThat(netty.closer().outcomes()).containsEntry(LingerOutcome.PEER_CLOSED, 1L);
            assertThat(netty.closer().discardedBytes()).isEqualTo(99_999);
        }
    }

    @Test
    void theForcedEndReachesConnectionsThatLinger() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket client = netty.connect()) {
            netty.server().announce(1);
            send(client, UPLOAD);
            assertThat(readAll(client)).endsWith("ok");
            await().atMost(10, TimeUnit.SECONDS).until(() -> netty.closer().active() == 1);
            netty.server().abort((connection) -> false);
            assertThat(netty.closer().active()).isZero();
            assertThat(netty.closer().outcomes()).containsEntry(LingerOutcome.ABORTED, 1L);
        }
    }

    @Test
    void aConnectionWhoseResponseIsCompleteIsNotWaitedFor() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket client = netty.connect()) {
            netty.server().announce(1);
            send(client, get("/"));
            assertThat(readAll(client)).endsWith("ok");
            netty.awaitStates();
            assertThat(netty.server().lingering()).isZero();
        }
    }

    /** The one is responded to while it is decoded, the other afterwards. */
    @Test
    void clientsThatSaidTheirRequestWasTheLastAreNotLingeredFor() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket prompt = netty.connect();
                Socket held = netty.connect()) {
            for (Socket client : List.of(prompt, held)) {
                send(client, get("/"));
                readResponse(client);
            }
            // From now on connections without any input linger, too.
            netty.server().announce(2);
            netty.server().closeIdle(PATIENT);
            send(prompt, last("/"));
            send(held, last("/hold"));
            netty.awaitHeld();
            netty.release();
            for (Socket client : List.of(prompt, held)) {
                assertThat(readAll(client)).endsWith("ok");
                // Only a socket that is closed altogether responds to this with a reset.
                await().atMost(10, TimeUnit.SECONDS).until(() -> isReset(client));
            }
            assertThat(netty.closer().outcomes().values()).allMatch((count) -> count == 0);
        }
    }

    private static String last(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    }

    @Test
    void aClientThatSaysItsRequestIsTheLastAndSendsOnGetsItsResponse() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket client = netty.connect()) {
            send(client, UPLOAD.replace("Host:", "Connection: close\r\nHost:"));
            assertThat(readAll(client)).endsWith("ok");
            await().atMost(10, TimeUnit.SECONDS).until(() -> netty.closer().active() == 1);
            send(client, "x".repeat(99_999));
            client.shutdownOutput();
            await().atMost(10, TimeUnit.SECONDS).until(() -> netty.closer().active() == 0);
            assertThat(netty.closer().outcomes()).containsEntry(LingerOutcome.PEER_CLOSED, 1L);
        }
    }

    private static boolean isReset(Socket client) {
        try {
            send(client, "x");
            return false;
        } catch (IOException ex) {
            return true;
        }
    }

    @Test
    void closesAnIdleConnectionWhoseUploadNeverEnds() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket client = netty.connect()) {
            send(client, UPLOAD);
            readResponse(client);
            netty.awaitStates(ConnectionState.IDLE);
            send(client, "x".repeat(1000));
            netty.server().closeIdle(AT_ONCE);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void servesWhatTheKernelHoldsWhileTheEventLoopIsBlocked() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket blocking = netty.connect()) {
            send(blocking, get("/block"));
            netty.awaitBlocked();
            List<Socket> queued = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Socket client = netty.connect();
                send(client, get("/"));
                queued.add(client);
            }
            CompletableFuture<AcceptQueueOutcome> closing = CompletableFuture.supplyAsync(netty::closeListeners);
            await().atMost(10, TimeUnit.SECONDS).until(() -> !netty.isAccepting());
            netty.unblock();
            assertThat(closing.get(30, TimeUnit.SECONDS).complete()).isTrue();
            for (Socket client : queued) {
                assertThat(readAll(client)).endsWith("ok");
                client.close();
            }
        }
    }

    /** The limits of emptying the accept queue and of closing are over before the event loop comes round. */
    @Test
    void servesWhatTheKernelHoldsWhereTheEventLoopIsBlockedForLongerThanTheDrainWaits() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket blocking = netty.connect()) {
            send(blocking, get("/block"));
            netty.awaitBlocked();
            List<Socket> queued = new ArrayList<>();
            for (int i = 0; i < MANY_TURNS; i++) {
                Socket client = netty.connect();
                send(client, get("/"));
                queued.add(client);
            }
            netty.server().announce(1);
            netty.server()
                    .emptyAcceptQueue(
                            new AcceptQueueLimits(Duration.ofMillis(100), Duration.ZERO), Duration.ofSeconds(1));
            netty.server().closeListeners(Duration.ofMillis(100));
            assertThat(netty.states()).contains(ConnectionState.ACCEPTED);
            netty.unblock();
            for (Socket client : queued) {
                assertThat(readAll(client)).endsWith("ok");
                client.close();
            }
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> !netty.server().listeners().get(0).open());
        }
    }

    /** An event loop that comes round seldom does all that was asked of it, not the announcement alone. */
    @Test
    void closesIdleConnectionsOfAnEventLoopThatHasToAnnounceFirst() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket http2 = netty.connect();
                Socket idle = netty.connect();
                Socket blocking = netty.connect()) {
            RawHttp2 client = RawHttp2.inUse(http2);
            send(idle, get("/"));
            readResponse(idle);
            send(blocking, get("/block"));
            netty.awaitBlocked();
            netty.server().announce(1);
            netty.server().closeIdle(AT_ONCE);
            netty.unblock();
            assertThat(client.awaitLastStreams(1)).containsExactly(Integer.MAX_VALUE);
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void namesTheRequestThatBlocksItsEventLoop() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket blocking = netty.connect()) {
            send(blocking, get("/block"));
            netty.awaitBlocked();
            assertThat(netty.requests()).singleElement().satisfies((request) -> {
                assertThat(request.path()).isEqualTo("/block");
                assertThat(request.thread()).contains("test-loop");
            });
            netty.server().abort((connection) -> false);
            assertThat(netty.wasBlockedAtAbort()).isTrue();
            netty.unblock();
            // Ended behind what the event loop was at.
            readAll(blocking);
            netty.awaitStates();
        }
    }

    @Test
    void anAbortWithoutABlockedEventLoopSaysSo() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket busy = netty.connect()) {
            send(busy, get("/hold"));
            netty.awaitHeld();
            netty.server().abort((connection) -> false);
            assertThat(netty.wasBlockedAtAbort()).isFalse();
        }
    }

    @Test
    void keepsTheJvmRunningFromTheClosedListenerUntilItIsReleased() throws Exception {
        try (EmbeddedNetty netty = start()) {
            // Another server's may still be on its way out.
            await().atMost(10, TimeUnit.SECONDS).until(() -> keepAlive().isEmpty());
            netty.closeListeners();
            assertThat(keepAlive())
                    .singleElement()
                    .satisfies((thread) -> assertThat(thread.isDaemon()).isFalse());
            assertThat(netty.server().isServing()).isTrue();
            netty.server().release();
            await().atMost(10, TimeUnit.SECONDS).until(() -> keepAlive().isEmpty());
        }
    }

    private static List<Thread> keepAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter((thread) -> thread.getName().equals("drain-keep-alive"))
                .toList();
    }

    @Test
    void isNotServingOnceItsOwnerHasStoppedIt() throws Exception {
        try (EmbeddedNetty netty = start()) {
            await().atMost(10, TimeUnit.SECONDS).until(() -> netty.server().isServing());
            netty.stopListening();
            await().atMost(10, TimeUnit.SECONDS).until(() -> !netty.server().isServing());
        }
    }

    @Test
    void namesTheLastStreamOnceTheFirstGoAwayHasBeenRead() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket socket = netty.connect()) {
            RawHttp2 client = RawHttp2.inUse(socket);
            netty.closeListeners();
            assertThat(client.awaitLastStreams(1)).containsExactly(Integer.MAX_VALUE);
            client.get(3, "/hold");
            netty.awaitHeld();
            netty.server().closeIdle(PATIENT);
            client.get(5);
            client.awaitResponse(5);
            client.acknowledgePings();
            await().atMost(10, TimeUnit.SECONDS).until(() -> {
                netty.server().closeIdle(PATIENT);
                return socket.getInputStream().available() > 0;
            });
            assertThat(client.awaitLastStreams(2)).containsExactly(Integer.MAX_VALUE, 5);
            netty.awaitStates(ConnectionState.IN_SERVICE);
            netty.release();
            client.awaitResponse(3);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            netty.awaitStates();
        }
    }

    @Test
    void servesStreamsAsBeforeAndNotifiesTheirClientAnewAfterAResume() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket socket = netty.connect()) {
            RawHttp2 client = RawHttp2.inUse(socket);
            netty.server().announce(1);
            netty.server().resume();
            client.get(3);
            client.awaitResponse(3);
            netty.server().announce(1);
            assertThat(client.awaitLastStreams(2)).containsExactly(Integer.MAX_VALUE, Integer.MAX_VALUE);
            client.get(5);
            client.awaitResponse(5);
        }
    }

    @Test
    void aStreamThatHasItsResponseAndNeverEndsItsRequestHoldsTheDrainForTheStallTimeoutOnly() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket socket = netty.connect()) {
            RawHttp2 client = RawHttp2.inUse(socket);
            client.begin(3, "/");
            client.awaitResponse(3);
            netty.awaitStates(ConnectionState.RESPONDING);
            netty.closeListeners();
            await().atMost(10, TimeUnit.SECONDS).until(() -> {
                netty.server().closeIdle(SHORT_STALL);
                client.acknowledgePings();
                return netty.states().equals(List.of(ConnectionState.IDLE))
                        || netty.states().isEmpty();
            });
        }
    }

    @Test
    void notifiesWebSocketsAndSwallowsWhatTheirClientsStillSend() throws Exception {
        try (EmbeddedNetty netty = start();
                Socket socket = netty.connect()) {
            send(
                    socket,
                    String.join(
                            "\r\n",
                            "GET /ws HTTP/1.1",
                            "Host: localhost",
                            "Connection: Upgrade",
                            "Upgrade: websocket",
                            "Sec-WebSocket-Version: 13",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                            "\r\n"));
            DataInputStream input = new DataInputStream(socket.getInputStream());
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += (char) input.readUnsignedByte();
            }
            netty.awaitStates(ConnectionState.UPGRADED);
            netty.closeListeners();
            netty.server().closeIdle(PATIENT);
            assertThat(input.readUnsignedByte()).isEqualTo(0x88);
            byte[] reason = new byte[input.readUnsignedByte()];
            input.readFully(reason);
            assertThat(((reason[0] & 0xff) << 8) | (reason[1] & 0xff)).isEqualTo(1001);
            assertThat(new String(reason, 2, reason.length - 2, StandardCharsets.UTF_8))
                    .isEqualTo("The server is going away");
            assertThat(input.read()).isEqualTo(-1);
            await().atMost(10, TimeUnit.SECONDS).until(() -> netty.server().lingering() == 1);
            send(socket, "x".repeat(1000));
            socket.shutdownOutput();
            await().atMost(10, TimeUnit.SECONDS).until(() -> netty.closer().active() == 0);
        }
    }
}
