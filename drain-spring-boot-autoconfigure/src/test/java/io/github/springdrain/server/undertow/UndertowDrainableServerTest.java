// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerOutcome;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.testing.DrainableServerScenarios;
import io.github.springdrain.testing.RawHttp2;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.core.WebSockets;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each step on Undertow, without servlets. */
class UndertowDrainableServerTest extends DrainableServerScenarios {

    UndertowDrainableServerTest() {
        super(null);
    }

    @Override
    protected EmbeddedUndertow start() {
        return new EmbeddedUndertow();
    }

    @Override
    protected EmbeddedUndertow startWithConnections(int limit) {
        return new EmbeddedUndertow(limit);
    }

    @Test
    void aBodyThatNobodyReadsHoldsNoWorkerAndEndsWithoutAReset() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket client = undertow.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx");
            assertThat(readAll(client)).endsWith("ok");
            assertThat(undertow.closer().awaited()).isEqualTo(1);
            undertow.awaitStates();
            send(client, "x".repeat(99_999));
            client.shutdownOutput();
            await().atMost(10, TimeUnit.SECONDS).until(() -> undertow.closer().active() == 0);
            assertThat(undertow.closer().outcomes()).containsEntry(LingerOutcome.PEER_CLOSED, 1L);
        }
    }

    @Test
    void theForcedEndReachesConnectionsThatLinger() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket client = undertow.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx");
            assertThat(readAll(client)).endsWith("ok");
            undertow.server().abort((connection) -> false);
            assertThat(undertow.closer().active()).isZero();
            assertThat(undertow.closer().outcomes()).containsEntry(LingerOutcome.ABORTED, 1L);
        }
    }

    @Test
    void takesWhatTheKernelHoldsBeforeItCloses() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow(1);
                Socket first = undertow.connect();
                Socket second = undertow.connect();
                Socket third = undertow.connect()) {
            send(first, get("/hold"));
            undertow.awaitHeld();
            send(second, get("/"));
            send(third, get("/"));
            AcceptQueueOutcome outcome = undertow.closeListeners();
            assertThat(outcome.rescued()).isEqualTo(2);
            assertThat(readAll(second)).endsWith("ok");
            assertThat(readAll(third)).endsWith("ok");
        }
    }

    @Test
    void aConnectionWhoseBodyArrivesSoonIsKept() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket client = undertow.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab");
            readResponse(client);
            send(client, "cd" + get("/"));
            assertThat(readResponse(client)).endsWith("ok");
        }
    }

    @Test
    void refusesStreamsOfAPeerThatHasAThousandOpen() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket socket = undertow.connect()) {
            RawHttp2 client = RawHttp2.inUse(socket);
            undertow.server().announce(1);
            assertThat(client.awaitLastStreams(1)).containsExactly(Integer.MAX_VALUE);
            for (int stream = 3; stream <= 2003; stream += 2) {
                client.get(stream, "/hold");
            }
            assertThat(client.awaitRefused()).isEqualTo(2003);
            assertThat(undertow.requests()).hasSize(1000);
            undertow.release();
            client.awaitResponse(2001);
            client.get(2005);
            client.awaitResponse(2005);
        }
    }

    @Test
    void servesStreamsAsBeforeAndNotifiesTheirClientAnewAfterAResume() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket socket = undertow.connect()) {
            RawHttp2 client = RawHttp2.inUse(socket);
            undertow.server().announce(1);
            undertow.server().resume();
            client.get(3);
            client.awaitResponse(3);
            undertow.server().announce(1);
            assertThat(client.awaitLastStreams(2)).containsExactly(Integer.MAX_VALUE, Integer.MAX_VALUE);
            client.get(5);
            client.awaitResponse(5);
        }
    }

    @Test
    void countsARequestThatWasInServiceWhenTheDrainBeganOnceItIsCompleted() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket client = undertow.connect()) {
            send(client, get("/hold"));
            undertow.awaitHeld();
            long before = undertow.server().totals().requests();
            undertow.server().announce(1);
            assertThat(undertow.server().totals().requests()).isEqualTo(before);
            undertow.release();
            readAll(client);
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> undertow.server().totals().requests() == before + 1);
        }
    }

    @Test
    void doesNotCountARequestThatTheForcedEndHasAborted() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket client = undertow.connect()) {
            long before = undertow.server().totals().requests();
            undertow.server().announce(1);
            send(client, get("/hold"));
            undertow.awaitHeld();
            undertow.closeListeners();
            undertow.server().closeIdle(AT_ONCE);
            assertThat(undertow.server().connections()).hasSize(1);
            assertThat(undertow.server().totals().requests()).isEqualTo(before);
            undertow.server().abort((connection) -> false);
            undertow.awaitStates();
            assertThat(undertow.server().totals().requests()).isEqualTo(before);
        }
    }

    /** RFC 6455 section 4.2.2: the response to a handshake says upgrade, and not close. */
    @Test
    void completesWebSocketHandshakesDuringTheAnnouncement() throws Exception {
        UndertowDrainableServer server =
                new UndertowDrainableServer(ListenerGate.Mode.AUTO, Sharing.NONE, LingeringCloser.OFF);
        Undertow undertow = Undertow.builder()
                .addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress())
                .setHandler(server.inFrontOf(Handlers.websocket((exchange, channel) -> {
                    WebSockets.sendText("hello", channel, null);
                    channel.resumeReceives();
                })))
                .build();
        undertow.start();
        server.started(undertow);
        int port = ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        try (Socket client = connect(port)) {
            server.announce(1);
            CompletableFuture<String> text = new CompletableFuture<>();
            HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://localhost:" + port + "/"), new WebSocket.Listener() {
                        @Override
                        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                            text.complete(data.toString());
                            return null;
                        }
                    })
                    .get(20, TimeUnit.SECONDS);
            assertThat(text.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
            send(
                    client,
                    get("/").replace(
                                    "Host:",
                                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nHost:"));
            byte[] head = client.getInputStream().readNBytes(100);
            assertThat(new String(head, StandardCharsets.ISO_8859_1))
                    .startsWith("HTTP/1.1 101")
                    .doesNotContainIgnoringCase("close");
        } finally {
            undertow.stop();
        }
    }

    /** Of an application that is not a handler of Undertow's, as reactive ones are not. */
    @Test
    void announcesOnAConnectionThatCameInBeforeTheServerReportedItsStart() throws Exception {
        UndertowDrainableServer server =
                new UndertowDrainableServer(ListenerGate.Mode.AUTO, Sharing.NONE, LingeringCloser.OFF);
        Undertow undertow = Undertow.builder()
                .addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress())
                .setHandler((exchange) -> {
                    server.begin(exchange);
                    exchange.getResponseSender().send("ok");
                })
                .build();
        undertow.start();
        int port = ((InetSocketAddress) undertow.getListenerInfo().get(0).getAddress()).getPort();
        try (Socket early = connect(port)) {
            send(early, get("/"));
            readResponse(early);
            server.started(undertow);
            server.announce(1);
            send(early, get("/"));
            assertThat(readAll(early)).contains("Connection: close").endsWith("ok");
        } finally {
            undertow.stop();
        }
    }
}
