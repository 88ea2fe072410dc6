package io.github.springdrain.jetty;

import static io.github.springdrain.jetty.EmbeddedJetty.connect;
import static io.github.springdrain.jetty.EmbeddedJetty.get;
import static io.github.springdrain.jetty.EmbeddedJetty.readAll;
import static io.github.springdrain.jetty.EmbeddedJetty.readAnswer;
import static io.github.springdrain.jetty.EmbeddedJetty.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainSettings;
import io.github.springdrain.RequestSnapshot;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.AcceptRateLimit;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each step of the server on a real Jetty, for what the contract suite does not reach. */
@Timeout(60)
class JettyDrainableServerTest {

    private static final DrainSettings.AcceptQueue QUEUE =
            new DrainSettings.AcceptQueue(Duration.ofSeconds(3), Duration.ofMillis(100));

    private static final DrainSettings.Connections AT_ONCE =
            new DrainSettings.Connections(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private static AcceptQueueOutcome closeListeners(EmbeddedJetty jetty) {
        jetty.server.announce(1);
        AcceptQueueOutcome outcome = jetty.server.emptyAcceptQueue(QUEUE, Duration.ofSeconds(10));
        jetty.server.closeListeners();
        return outcome;
    }

    private static List<ConnectionState> states(EmbeddedJetty jetty) {
        return jetty.server.connections().stream()
                .map(ConnectionSnapshot::state)
                .toList();
    }

    private static void awaitStates(EmbeddedJetty jetty, ConnectionState... expected) {
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(states(jetty)).containsExactlyInAnyOrder(expected));
    }

    private static EmbeddedJetty withConnections(int limit) throws Exception {
        return new EmbeddedJetty((connector) -> {
            Server server = connector.getServer();
            server.addBean(new NetworkConnectionLimit(limit, connector));
        });
    }

    @Test
    void tellsApartWhatConnectionsDo() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket fresh = jetty.connect();
                Socket idle = jetty.connect();
                Socket half = jetty.connect();
                Socket busy = jetty.connect()) {
            send(idle, get("/"));
            readAnswer(idle);
            send(half, "GET / HT");
            send(busy, get("/hold?secret=1"));
            awaitStates(
                    jetty,
                    ConnectionState.NEW,
                    ConnectionState.IDLE,
                    ConnectionState.READING_HEAD,
                    ConnectionState.IN_SERVICE);
            assertThat(fresh.isConnected()).isTrue();
            RequestSnapshot request = jetty.server.connections().stream()
                    .flatMap((connection) -> connection.requests().stream())
                    .findFirst()
                    .orElseThrow();
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.path()).isEqualTo("/hold");
            assertThat(request.thread()).startsWith("qtp");
        }
    }

    @Test
    void announcesOnTheAnswerOfARequestThatBeganBefore() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket busy = jetty.connect()) {
            send(busy, get("/hold"));
            jetty.held.await();
            jetty.server.announce(1);
            jetty.release.countDown();
            assertThat(readAll(busy)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void keepsConnectionsAgainAfterAResume() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            jetty.server.announce(1);
            jetty.server.resume();
            send(client, get("/"));
            assertThat(readAnswer(client)).doesNotContain("Connection: close");
            send(client, get("/"));
            assertThat(readAnswer(client)).endsWith("ok");
        }
    }

    @Test
    void announcesToNobodyWhileTheShareIsZero() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            jetty.server.announce(0);
            send(client, get("/"));
            assertThat(readAnswer(client)).doesNotContain("Connection: close");
        }
    }

    @Test
    void tellsAShareOfTheClientsThenAllThenNone() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty()) {
            jetty.server.announce(0.5);
            // 200 answers all alike at this share: 1 in 10^60.
            assertThat(told(jetty, 200)).isBetween(1, 199);
            jetty.server.announce(1);
            assertThat(told(jetty, 20)).isEqualTo(20);
            jetty.server.resume();
            assertThat(told(jetty, 20)).isZero();
        }
    }

    private static int told(EmbeddedJetty jetty, int clients) throws Exception {
        int told = 0;
        for (int i = 0; i < clients; i++) {
            try (Socket client = jetty.connect()) {
                send(client, get("/"));
                told += readAnswer(client).contains("Connection: close") ? 1 : 0;
            }
        }
        return told;
    }

    @Test
    void closesIdleConnectionsByFin() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket idle = jetty.connect()) {
            send(idle, get("/"));
            readAnswer(idle);
            awaitStates(jetty, ConnectionState.IDLE);
            closeListeners(jetty);
            jetty.server.closeIdle(AT_ONCE);
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            awaitStates(jetty);
        }
    }

    @Test
    void aNewConnectionMayStillSendItsFirstRequestWithinItsGrace() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket fresh = jetty.connect()) {
            awaitStates(jetty, ConnectionState.NEW);
            closeListeners(jetty);
            jetty.server.closeIdle(new DrainSettings.Connections(Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO));
            send(fresh, get("/"));
            assertThat(readAll(fresh)).contains("Connection: close").endsWith("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void servesAndThenRefusesNewClientsWithAnyNumberOfAcceptors(int acceptors) throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty(
                (server) -> new ServerConnector(server, acceptors, 1), (connector) -> {}, JettyAdoption::plain)) {
            int port = jetty.port();
            assertThat(jetty.connector().getAcceptors()).isEqualTo(acceptors);
            assertThat(told(jetty, 20)).isZero();
            assertThat(closeListeners(jetty).complete()).isTrue();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
            assertThat(jetty.server.listeners()).singleElement().satisfies((listener) -> {
                assertThat(listener.open()).isFalse();
                assertThat(listener.port()).isEqualTo(port);
            });
        }
    }

    @Test
    void servesAndDrainsAgainAfterARestart() throws Exception {
        try (EmbeddedJetty jetty = withConnections(5)) {
            closeListeners(jetty);
            jetty.restartConnector();
            assertThat(limit(jetty).getMaxNetworkConnectionCount()).isEqualTo(5);
            assertThat(told(jetty, 1)).isZero();
            int port = jetty.port();
            assertThat(closeListeners(jetty).complete()).isTrue();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
        }
    }

    private static NetworkConnectionLimit limit(EmbeddedJetty jetty) {
        return jetty.jetty.getBean(NetworkConnectionLimit.class);
    }

    @Test
    void takesAndServesWhatAConnectionLimitHasLeftInTheQueue() throws Exception {
        try (EmbeddedJetty jetty = withConnections(1);
                Socket busy = jetty.connect()) {
            send(busy, get("/hold"));
            jetty.held.await();
            assertQueueIsServed(jetty);
        }
    }

    @Test
    void takesAndServesWhatARateLimitHasLeftInTheQueue() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty((connector) -> connector
                        .getServer()
                        .addBean(new AcceptRateLimit(1, 1, TimeUnit.HOURS, connector.getServer())));
                Socket first = jetty.connect();
                Socket second = jetty.connect()) {
            await().atMost(10, TimeUnit.SECONDS).until(() -> !jetty.connector().isAccepting());
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertQueueIsServed(jetty);
        }
    }

    private static void assertQueueIsServed(EmbeddedJetty jetty) throws Exception {
        List<Socket> queued = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Socket client = jetty.connect();
            send(client, get("/"));
            queued.add(client);
        }
        AcceptQueueOutcome outcome = closeListeners(jetty);
        assertThat(outcome.complete()).as("%s", outcome).isTrue();
        for (Socket client : queued) {
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
            client.close();
        }
    }

    @Test
    void abortsWhatIsLeftAndInterruptsItsWorker() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket busy = jetty.connect()) {
            send(busy, get("/hold"));
            jetty.held.await();
            closeListeners(jetty);
            jetty.server.abort((connection) -> false);
            assertThat(readAll(busy)).isEmpty();
            assertThat(jetty.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
            awaitStates(jetty);
        }
    }

    @Test
    void sparesWhatItIsToldTo() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket busy = jetty.connect()) {
            send(busy, get("/hold"));
            jetty.held.await();
            closeListeners(jetty);
            jetty.server.abort((connection) -> true);
            jetty.release.countDown();
            assertThat(readAll(busy)).endsWith("ok");
        }
    }

    @Test
    void lingersForABodyThatNobodyReads() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\nConnection: close\r\n\r\nx");
            assertThat(readAll(client)).endsWith("ok");
            await().atMost(10, TimeUnit.SECONDS).until(() -> jetty.closer.awaited() == 1);
            client.shutdownOutput();
            await().atMost(10, TimeUnit.SECONDS).until(() -> jetty.closer.active() == 0);
        }
    }

    @Test
    void countsWhatItAcceptsAndCompletes() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            send(client, get("/"));
            readAnswer(client);
            send(client, get("/"));
            readAnswer(client);
            assertThat(jetty.server.totals().accepted()).isEqualTo(1);
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> jetty.server.totals().requests() == 2);
        }
    }
}
