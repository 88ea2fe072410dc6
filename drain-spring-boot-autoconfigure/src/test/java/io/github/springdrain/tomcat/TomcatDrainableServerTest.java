package io.github.springdrain.tomcat;

import static io.github.springdrain.tomcat.EmbeddedTomcat.EXACT;
import static io.github.springdrain.tomcat.EmbeddedTomcat.NIO2;
import static io.github.springdrain.tomcat.EmbeddedTomcat.connect;
import static io.github.springdrain.tomcat.EmbeddedTomcat.get;
import static io.github.springdrain.tomcat.EmbeddedTomcat.readAll;
import static io.github.springdrain.tomcat.EmbeddedTomcat.readAnswer;
import static io.github.springdrain.tomcat.EmbeddedTomcat.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainSettings;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.kernel.ListenerGate;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each step of the server on a real Tomcat, for what the contract suite does not reach. */
@Timeout(60)
class TomcatDrainableServerTest {

    private static final DrainSettings.AcceptQueue QUEUE =
            new DrainSettings.AcceptQueue(Duration.ofSeconds(3), Duration.ofMillis(100));

    private static final DrainSettings.Connections AT_ONCE =
            new DrainSettings.Connections(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private static AcceptQueueOutcome closeListeners(EmbeddedTomcat tomcat) {
        tomcat.server.announce(1);
        AcceptQueueOutcome outcome = tomcat.server.emptyAcceptQueue(QUEUE, Duration.ofSeconds(10));
        tomcat.server.closeListeners();
        return outcome;
    }

    private static List<ConnectionState> states(EmbeddedTomcat tomcat) {
        return tomcat.server.connections().stream()
                .map(ConnectionSnapshot::state)
                .toList();
    }

    private static void awaitStates(EmbeddedTomcat tomcat, ConnectionState... expected) {
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(states(tomcat)).containsExactlyInAnyOrder(expected));
    }

    @Test
    void tellsApartWhatConnectionsDo() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT);
                Socket fresh = tomcat.connect();
                Socket idle = tomcat.connect();
                Socket half = tomcat.connect();
                Socket busy = tomcat.connect()) {
            send(idle, get("/"));
            readAnswer(idle);
            send(half, "GET / HT");
            send(busy, get("/hold?secret=1"));
            awaitStates(
                    tomcat,
                    ConnectionState.NEW,
                    ConnectionState.IDLE,
                    ConnectionState.READING_HEAD,
                    ConnectionState.IN_SERVICE);
            assertThat(fresh.isConnected()).isTrue();
            RequestSnapshot request = tomcat.server.connections().stream()
                    .flatMap((connection) -> connection.requests().stream())
                    .findFirst()
                    .orElseThrow();
            assertThat(request.method()).isEqualTo("GET");
            assertThat(request.path()).isEqualTo("/hold");
            assertThat(request.thread()).contains("exec");
        }
    }

    @Test
    void announcesOnTheAnswerOfARequestThatBeganBefore() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT);
                Socket busy = tomcat.connect()) {
            send(busy, get("/hold"));
            tomcat.held.await();
            tomcat.server.announce(1);
            tomcat.release.countDown();
            assertThat(readAll(busy)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void keepsConnectionsAgainAfterAResume() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT);
                Socket client = tomcat.connect()) {
            tomcat.server.announce(1);
            tomcat.server.resume();
            send(client, get("/"));
            assertThat(readAnswer(client)).doesNotContain("Connection: close");
            send(client, get("/"));
            assertThat(readAnswer(client)).endsWith("ok");
        }
    }

    @Test
    void announcesToNobodyWhileTheShareIsZero() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT);
                Socket client = tomcat.connect()) {
            tomcat.server.announce(0);
            send(client, get("/"));
            assertThat(readAnswer(client)).doesNotContain("Connection: close");
        }
    }

    @Test
    void closesIdleConnectionsByFinAndServesWhatHasArrived() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT);
                Socket idle = tomcat.connect()) {
            send(idle, get("/"));
            readAnswer(idle);
            awaitStates(tomcat, ConnectionState.IDLE);
            closeListeners(tomcat);
            tomcat.server.closeIdle(AT_ONCE);
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            awaitStates(tomcat);
        }
    }

    @Test
    void aNewConnectionMayStillSendItsFirstRequestWithinItsGrace() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT);
                Socket fresh = tomcat.connect()) {
            awaitStates(tomcat, ConnectionState.NEW);
            closeListeners(tomcat);
            tomcat.server.closeIdle(
                    new DrainSettings.Connections(Duration.ofSeconds(30), Duration.ZERO, Duration.ZERO));
            send(fresh, get("/"));
            assertThat(readAll(fresh)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void refusesNewClientsOnceTheListenerIsClosed() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT)) {
            int port = tomcat.port();
            assertThat(closeListeners(tomcat).complete()).isTrue();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
            assertThat(tomcat.server.listeners()).singleElement().satisfies((listener) -> {
                assertThat(listener.open()).isFalse();
                assertThat(listener.port()).isEqualTo(port);
            });
        }
    }

    @Test
    void closesAListenerThatIsBoundOnInit() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(
                EXACT, ListenerGate.Mode.AUTO, (connector) -> connector.setProperty("bindOnInit", "true"))) {
            int port = tomcat.port();
            closeListeners(tomcat);
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
        }
    }

    @Test
    void servesAndDrainsAgainAfterARestart() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(
                EXACT, ListenerGate.Mode.AUTO, (connector) -> connector.setProperty("maxConnections", "5"))) {
            closeListeners(tomcat);
            tomcat.restartConnector();
            try (Socket client = tomcat.connect()) {
                send(client, get("/"));
                assertThat(readAnswer(client)).doesNotContain("Connection: close");
            }
            int port = tomcat.port();
            assertThat(closeListeners(tomcat).complete()).isTrue();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
        }
    }

    @Test
    void lingersWithoutAPoolOfChannelsToo() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(
                        EXACT, ListenerGate.Mode.AUTO, (connector) -> connector.setProperty("socket.bufferPool", "0"));
                Socket client = tomcat.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\nConnection: close\r\n\r\nx");
            assertThat(readAll(client)).endsWith("ok");
            assertThat(tomcat.closer.awaited()).isEqualTo(1);
            client.shutdownOutput();
            await().atMost(10, TimeUnit.SECONDS).until(() -> tomcat.closer.active() == 0);
        }
    }

    @Test
    void aConnectionWhoseBodyArrivesSoonIsKept() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT);
                Socket client = tomcat.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab");
            readAnswer(client);
            send(client, "cd" + get("/"));
            assertThat(readAnswer(client)).endsWith("ok");
        }
    }

    @Test
    void abortsWhatIsLeftAndInterruptsItsWorker() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT);
                Socket busy = tomcat.connect()) {
            send(busy, get("/hold"));
            tomcat.held.await();
            closeListeners(tomcat);
            tomcat.server.abort((connection) -> false);
            assertThat(readAll(busy)).isEmpty();
            awaitStates(tomcat);
        }
    }

    @Test
    void sparesWhatItIsToldTo() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT);
                Socket busy = tomcat.connect()) {
            send(busy, get("/hold"));
            tomcat.held.await();
            closeListeners(tomcat);
            tomcat.server.abort((connection) -> true);
            tomcat.release.countDown();
            assertThat(readAll(busy)).endsWith("ok");
        }
    }

    @Test
    void emptiesAndClosesTheListenerOfAProtocolOfTheUsersChoiceFromOutside() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(NIO2);
                Socket busy = tomcat.connect()) {
            int port = tomcat.port();
            send(busy, get("/hold"));
            tomcat.held.await();
            assertThat(states(tomcat)).containsExactly(ConnectionState.IN_SERVICE);
            AcceptQueueOutcome outcome = closeListeners(tomcat);
            assertThat(outcome.complete()).as("%s", outcome).isTrue();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
            tomcat.release.countDown();
            assertThat(readAll(busy)).endsWith("ok");
            awaitStates(tomcat);
        }
    }

    @Test
    void countsWhatItAcceptsAndCompletes() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(EXACT);
                Socket client = tomcat.connect()) {
            send(client, get("/"));
            readAnswer(client);
            send(client, get("/"));
            readAnswer(client);
            assertThat(tomcat.server.totals().accepted()).isEqualTo(1);
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> tomcat.server.totals().requests() == 2);
        }
    }

    @Test
    void namesRequestsOnHttp2Streams() throws Exception {
        try (EmbeddedTomcat tomcat = new EmbeddedTomcat(
                EmbeddedTomcat.EXACT,
                ListenerGate.Mode.AUTO,
                (connector) -> connector.addUpgradeProtocol(new Http2Protocol()))) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
            assertThat(client.send(http2(tomcat, "/"), HttpResponse.BodyHandlers.ofString())
                            .version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
            CompletableFuture<HttpResponse<String>> held =
                    client.sendAsync(http2(tomcat, "/hold?secret=1"), HttpResponse.BodyHandlers.ofString());
            tomcat.held.await();
            assertThat(tomcat.server.connections()).singleElement().satisfies((connection) -> {
                assertThat(connection.protocol()).isEqualTo("HTTP/2");
                assertThat(connection.requests()).singleElement().satisfies((request) -> {
                    assertThat(request.method()).isEqualTo("GET");
                    assertThat(request.path()).isEqualTo("/hold");
                    assertThat(request.age()).isPositive();
                    assertThat(request.thread()).contains("-exec-");
                });
            });
            tomcat.release.countDown();
            assertThat(held.get(30, TimeUnit.SECONDS).body()).isEqualTo("ok");
        }
    }

    private static HttpRequest http2(EmbeddedTomcat tomcat, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + tomcat.port() + path))
                .build();
    }
}
