// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.COLLECTION;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.testing.LogLines;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.AcceptRateLimit;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the connectors that Boot or the user has configured. */
@Timeout(60)
class ConnectorsTest {

    private static final AcceptQueueLimits QUEUE = new AcceptQueueLimits(Duration.ofSeconds(3), Duration.ofMillis(100));

    private static void drain(DrainableServer server) {
        server.announce(1);
        assertThat(server.emptyAcceptQueue(QUEUE, Duration.ofSeconds(10)).complete())
                .isTrue();
        server.closeListeners(Duration.ofSeconds(5));
    }

    @Test
    void keepsEverythingAConnectorIsConfiguredToBe() throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        http.addCustomizer(new ForwardedRequestCustomizer());
        HttpConnectionFactory factory = new HttpConnectionFactory(http);
        Executor executor = Executors.newCachedThreadPool();
        try (EmbeddedJetty jetty = new EmbeddedJetty(
                (server) -> new ServerConnector(server, executor, null, null, 2, 3, factory),
                ConnectorsTest::configure,
                JettyAdoption::plain)) {
            ServerConnector connector = jetty.connector();
            assertThat(connector.getClass()).isEqualTo(ServerConnector.class);
            assertThat(connector.getConnectionFactories()).containsExactly(factory);
            assertThat(factory.getHttpConfiguration()).isSameAs(http);
            assertThat(http.getCustomizers()).hasOnlyElementsOfType(ForwardedRequestCustomizer.class);
            assertThat(connector.getExecutor()).isSameAs(executor);
            assertThat(connector.getAcceptors()).isEqualTo(2);
            assertThat(connector.getSelectorManager().getSelectorCount()).isEqualTo(3);
            assertThat(connector.getName()).isEqualTo("api");
            assertThat(connector.getIdleTimeout()).isEqualTo(12_345);
            assertThat(connector.getAcceptQueueSize()).isEqualTo(17);
            assertThat(connector.getAcceptedTcpNoDelay()).isFalse();
            assertThat(connector.getAcceptedReceiveBufferSize()).isEqualTo(20_000);
            assertThat(connector.getAcceptedSendBufferSize()).isEqualTo(30_000);
            assertThat(connector.getBean(Locale.class)).isSameAs(Locale.ROOT);
        }
    }

    private static void configure(ServerConnector connector) {
        connector.setName("api");
        connector.setIdleTimeout(12_345);
        connector.setAcceptQueueSize(17);
        connector.setAcceptedTcpNoDelay(false);
        connector.setAcceptedReceiveBufferSize(20_000);
        connector.setAcceptedSendBufferSize(30_000);
        connector.addBean(Locale.ROOT);
    }

    @Test
    void holdsMoreInTheQueueThanTheJdkWouldWhereNobodyHasSaid() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty()) {
            assertThat(jetty.connector().getAcceptQueueSize()).isEqualTo(4096);
        }
    }

    @Test
    void keepsLimits() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty((connector) -> {
                    Server server = connector.getServer();
                    server.addBean(new NetworkConnectionLimit(7, connector));
                    server.addBean(new AcceptRateLimit(500, 3, TimeUnit.SECONDS, connector));
                });
                Socket client = jetty.connect()) {
            send(client, get("/"));
            readResponse(client);
            NetworkConnectionLimit connections = jetty.jetty.getBean(NetworkConnectionLimit.class);
            assertThat(connections.getMaxNetworkConnectionCount()).isEqualTo(7);
            assertThat(connections.getNetworkConnectionCount()).isEqualTo(1);
            AcceptRateLimit rate = jetty.jetty.getBean(AcceptRateLimit.class);
            assertThat(rate.getAcceptRateLimit()).isEqualTo(500);
            assertThat(rate.getPeriod()).isEqualTo(3);
            assertThat(rate.getRate()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void forgetsConnectionsThatALimitRefuses(int acceptors) throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty(
                        (server) -> new ServerConnector(server, acceptors, 1),
                        (connector) -> connector.getServer().addBean(new NetworkConnectionLimit(1, connector)),
                        JettyAdoption::plain);
                Socket served = jetty.connect()) {
            send(served, get("/"));
            readResponse(served);
            PendingConnections pending = jetty.pending();
            List<Socket> others = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                others.add(jetty.connect());
            }
            served.shutdownOutput();
            for (Socket other : others) {
                other.close();
            }
            await().atMost(10, TimeUnit.SECONDS).until(() -> pending.accepted() > 1);
            await().atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(pending)
                            .extracting("channels")
                            .asInstanceOf(COLLECTION)
                            .isEmpty());
        }
    }

    @Test
    void closesWhatIsOnItsWayWhenItStops() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                SocketChannel stuck = SocketChannel.open()) {
            PendingConnections pending = jetty.pending();
            pending.enter(stuck);
            jetty.restart();
            assertThat(stuck.isOpen()).isFalse();
            assertThat(jetty.states()).isEmpty();
        }
    }

    @Test
    void gatesAndClosesAListenerOfItsOwnWhereNoneWasHandedDown() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty((connector) -> connector.setInheritChannel(true))) {
            int port = jetty.port();
            assertThat(jetty.managed().listener()).isNotNull();
            drain(jetty.server());
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void leavesInTheQueueWhatArrivesWhileItDoesNotAccept(int acceptors) throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty(
                (server) -> new ServerConnector(server, acceptors, 1), (connector) -> {}, JettyAdoption::plain)) {
            ServerConnector connector = jetty.connector();
            await().atMost(10, TimeUnit.SECONDS)
                    .until(() -> acceptors == 0 || jetty.managed().isAcceptorWaiting());
            connector.setAccepting(false);
            // Without acceptors Jetty's selector accepts, and goes on until its next turn.
            ServerSocketChannel listener = (ServerSocketChannel) connector.getTransport();
            await().atMost(10, TimeUnit.SECONDS).until(() -> acceptors > 0 || !listener.isRegistered());
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                clients.add(jetty.connect());
                send(clients.get(i), get("/"));
            }
            // Who is just coming back from its selector takes one.
            assertThat(jetty.pending().accepted()).isLessThanOrEqualTo(1);
            connector.setAccepting(true);
            for (Socket client : clients) {
                readResponse(client);
                client.close();
            }
        }
    }

    @Test
    void drainsWithoutSeeingIntoConnectionsWhereJettyHidesThem() throws Exception {
        try (LogLines log = new LogLines(Http1Connections.class);
                EmbeddedJetty jetty =
                        new EmbeddedJetty(ServerConnector::new, (connector) -> {}, JettyAdoption::withoutInternals);
                Socket busy = jetty.connect();
                Socket idle = jetty.connect()) {
            assertIsDrained(jetty, busy, idle);
            assertThat(log.warn()).singleElement().asString().contains("hides its HTTP/1.1 connections");
        }
    }

    private static void assertIsDrained(EmbeddedJetty jetty, Socket busy, Socket idle) throws Exception {
        int port = jetty.port();
        send(idle, get("/"));
        assertThat(readResponse(idle)).doesNotContain("Connection: close");
        send(busy, get("/hold"));
        jetty.awaitHeld();
        await().atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(states(jetty))
                        .containsExactlyInAnyOrder(ConnectionState.IDLE, ConnectionState.IN_SERVICE));
        drain(jetty.server());
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
        jetty.server().closeIdle(new IdleLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO));
        assertThat(idle.getInputStream().read()).isEqualTo(-1);
        jetty.release();
        assertThat(readResponse(busy)).endsWith("ok");
        jetty.server().abort((connection) -> false);
    }

    private static List<ConnectionState> states(EmbeddedJetty jetty) {
        return jetty.server().connections().stream()
                .map(ConnectionSnapshot::state)
                .toList();
    }
}
