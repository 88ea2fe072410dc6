package io.github.springdrain.undertow;

import static io.github.springdrain.undertow.EmbeddedUndertow.connect;
import static io.github.springdrain.undertow.EmbeddedUndertow.get;
import static io.github.springdrain.undertow.EmbeddedUndertow.readAll;
import static io.github.springdrain.undertow.EmbeddedUndertow.readAnswer;
import static io.github.springdrain.undertow.EmbeddedUndertow.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainSettings;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.kernel.ListenerGate;
import io.github.springdrain.linger.LingerOutcome;
import io.undertow.Undertow;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each step of the server on a real Undertow, for what the contract suite does not reach. */
@Timeout(120)
class UndertowDrainableServerTest {

    private static final DrainSettings.AcceptQueue QUEUE =
            new DrainSettings.AcceptQueue(Duration.ofSeconds(30), Duration.ofMillis(100));

    private static final DrainSettings.Connections AT_ONCE =
            new DrainSettings.Connections(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private static AcceptQueueOutcome closeListeners(EmbeddedUndertow undertow) {
        undertow.server.announce(1);
        AcceptQueueOutcome outcome = undertow.server.emptyAcceptQueue(QUEUE, Duration.ofSeconds(40));
        undertow.server.closeListeners();
        return outcome;
    }

    private static List<ConnectionState> states(EmbeddedUndertow undertow) {
        return undertow.server.connections().stream()
                .map(ConnectionSnapshot::state)
                .toList();
    }

    private static void awaitStates(EmbeddedUndertow undertow, ConnectionState... expected) {
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(states(undertow)).containsExactlyInAnyOrder(expected));
    }

    @Test
    void tellsApartWhatConnectionsDo() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket fresh = undertow.connect();
                Socket idle = undertow.connect();
                Socket half = undertow.connect();
                Socket busy = undertow.connect()) {
            send(idle, get("/"));
            readAnswer(idle);
            send(half, "GET / HT");
            send(busy, get("/hold?secret=1"));
            awaitStates(
                    undertow,
                    ConnectionState.NEW,
                    ConnectionState.IDLE,
                    ConnectionState.READING_HEAD,
                    ConnectionState.IN_SERVICE);
            assertThat(fresh.isConnected()).isTrue();
            RequestSnapshot request = undertow.server.connections().stream()
                    .flatMap((connection) -> connection.requests().stream())
                    .findFirst()
                    .orElseThrow();
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.path()).isEqualTo("/hold");
            assertThat(request.age()).isPositive();
        }
    }

    @Test
    void announcesOnTheAnswerOfARequestThatBeganBefore() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket busy = undertow.connect()) {
            send(busy, get("/hold"));
            undertow.held.await();
            undertow.server.announce(1);
            undertow.release.countDown();
            assertThat(readAll(busy)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void keepsConnectionsAgainAfterAResume() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket client = undertow.connect()) {
            undertow.server.announce(1);
            undertow.server.resume();
            send(client, get("/"));
            assertThat(readAnswer(client)).doesNotContain("Connection: close");
            send(client, get("/"));
            assertThat(readAnswer(client)).endsWith("ok");
        }
    }

    @Test
    void announcesToNobodyWhileTheShareIsZero() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket client = undertow.connect()) {
            undertow.server.announce(0);
            send(client, get("/"));
            assertThat(readAnswer(client)).doesNotContain("Connection: close");
        }
    }

    @Test
    void closesIdleConnectionsByFinAndServesWhatHasArrived() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket idle = undertow.connect()) {
            send(idle, get("/"));
            readAnswer(idle);
            awaitStates(undertow, ConnectionState.IDLE);
            closeListeners(undertow);
            undertow.server.closeIdle(AT_ONCE);
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            awaitStates(undertow);
        }
    }

    @Test
    void aNewConnectionMayStillSendItsFirstRequestWithinItsGrace() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket fresh = undertow.connect()) {
            awaitStates(undertow, ConnectionState.NEW);
            closeListeners(undertow);
            undertow.server.closeIdle(
                    new DrainSettings.Connections(Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO));
            send(fresh, get("/"));
            assertThat(readAll(fresh)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void refusesNewClientsOnceTheListenerIsClosed() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow()) {
            int port = undertow.port();
            AcceptQueueOutcome outcome = closeListeners(undertow);
            assertThat(outcome.complete()).as("%s", outcome).isTrue();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
            assertThat(undertow.server.listeners()).singleElement().satisfies((listener) -> {
                assertThat(listener.open()).isFalse();
                assertThat(listener.port()).isEqualTo(port);
            });
        }
    }

    @Test
    void servesAndDrainsAgainAfterARestart() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow(5)) {
            closeListeners(undertow);
            undertow.restart();
            try (Socket client = undertow.connect()) {
                send(client, get("/"));
                assertThat(readAnswer(client)).doesNotContain("Connection: close");
            }
            int port = undertow.port();
            assertThat(closeListeners(undertow).complete()).isTrue();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
        }
    }

    @Test
    void aBodyThatNobodyReadsHoldsNoWorkerAndEndsWithoutAReset() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket client = undertow.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx");
            assertThat(readAll(client)).endsWith("ok");
            assertThat(undertow.closer.awaited()).isEqualTo(1);
            awaitStates(undertow);
            send(client, "x".repeat(99_999));
            client.shutdownOutput();
            await().atMost(10, TimeUnit.SECONDS).until(() -> undertow.closer.active() == 0);
            assertThat(undertow.closer.outcomes()).containsEntry(LingerOutcome.PEER_CLOSED, 1L);
        }
    }

    @Test
    void theForcedEndReachesConnectionsThatLinger() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket client = undertow.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx");
            assertThat(readAll(client)).endsWith("ok");
            undertow.server.abort((connection) -> false);
            assertThat(undertow.closer.active()).isZero();
            assertThat(undertow.closer.outcomes()).containsEntry(LingerOutcome.ABORTED, 1L);
        }
    }

    @Test
    void takesWhatTheKernelHoldsBeforeItCloses() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow(1);
                Socket first = undertow.connect();
                Socket second = undertow.connect();
                Socket third = undertow.connect()) {
            send(first, get("/hold"));
            undertow.held.await();
            send(second, get("/"));
            send(third, get("/"));
            AcceptQueueOutcome outcome = closeListeners(undertow);
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
            readAnswer(client);
            send(client, "cd" + get("/"));
            assertThat(readAnswer(client)).endsWith("ok");
        }
    }

    @Test
    void abortsWhatIsLeft() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket busy = undertow.connect()) {
            send(busy, get("/hold"));
            undertow.held.await();
            closeListeners(undertow);
            undertow.server.abort((connection) -> false);
            assertThat(readAll(busy)).isEmpty();
            awaitStates(undertow);
        }
    }

    @Test
    void sparesWhatItIsToldTo() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket busy = undertow.connect()) {
            send(busy, get("/hold"));
            undertow.held.await();
            closeListeners(undertow);
            undertow.server.abort((connection) -> true);
            undertow.release.countDown();
            assertThat(readAll(busy)).endsWith("ok");
        }
    }

    @Test
    void countsWhatItAcceptsAndCompletesFromTheFirstReadingOn() throws Exception {
        try (EmbeddedUndertow undertow = new EmbeddedUndertow();
                Socket client = undertow.connect()) {
            long before = undertow.server.totals().requests();
            send(client, get("/"));
            readAnswer(client);
            send(client, get("/"));
            readAnswer(client);
            assertThat(undertow.server.totals().accepted()).isEqualTo(1);
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> undertow.server.totals().requests() == before + 2);
        }
    }

    /** Of an application that is not a handler of Undertow's, as reactive ones are not. */
    @Test
    void announcesOnAConnectionThatCameInBeforeTheServerHadToldOfItsStart() throws Exception {
        UndertowDrainableServer server = new UndertowDrainableServer(ListenerGate.Mode.AUTO, null);
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
            readAnswer(early);
            server.started(undertow);
            server.announce(1);
            send(early, get("/"));
            assertThat(readAll(early)).contains("Connection: close").endsWith("ok");
        } finally {
            undertow.stop();
        }
    }
}
