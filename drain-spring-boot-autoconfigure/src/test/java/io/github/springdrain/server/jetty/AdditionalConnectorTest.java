// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.testing.RawHttp;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A connector that the application adds to the one of Spring Boot, and whose reference it keeps. */
@Timeout(60)
class AdditionalConnectorTest {

    private final ConnectionStatistics statistics = new ConnectionStatistics();

    private final List<Connection> opened = new CopyOnWriteArrayList<>();

    private ServerConnector additional = new ServerConnector(new Server());

    private boolean tls;

    private EmbeddedJetty start(int acceptors, boolean tls, boolean first) throws Exception {
        this.tls = tls;
        return new EmbeddedJetty(ServerConnector::new, (connector) -> {}, (jetty, closer) -> {
            this.additional = new ServerConnector(jetty, acceptors, 1);
            this.additional.setHost(InetAddress.getLoopbackAddress().getHostAddress());
            this.additional.addBean(this.statistics);
            this.additional.addBean(new Connection.Listener() {

                @Override
                public void onOpened(Connection connection) {
                    AdditionalConnectorTest.this.opened.add(connection);
                }
            });
            if (tls) {
                Tls.addTo(this.additional);
            }
            if (first) {
                jetty.addConnector(this.additional);
            }
            DrainableServer server = JettyAdoption.plain(jetty, closer);
            if (!first) {
                jetty.addConnector(this.additional);
            }
            return server;
        });
    }

    private Socket connect() throws IOException {
        int port = this.additional.getLocalPort();
        return this.tls ? Tls.connect(port) : RawHttp.connect(port);
    }

    @ParameterizedTest
    @CsvSource({
        "1, false, true",
        "1, false, false",
        "1, true, true",
        "1, true, false",
        "0, false, true",
        "3, true, false"
    })
    void staysTheObjectThatTheApplicationHolds(int acceptors, boolean tls, boolean first) throws Exception {
        try (EmbeddedJetty jetty = start(acceptors, tls, first)) {
            assertThat(this.additional.getLocalPort()).isPositive().isNotEqualTo(jetty.port());
            assertThat(this.additional.isStarted() && this.additional.isOpen()).isTrue();
            assertThat(jetty.jetty.getConnectors()).contains(this.additional);
            try (Socket client = connect()) {
                send(client, get("/"));
                assertThat(readResponse(client)).endsWith("ok");
                assertThat(this.additional.getConnectedEndPoints()).hasSize(1);
                assertThat(this.opened).isNotEmpty();
                assertThat(this.statistics.getConnections()).isPositive();
            }
            await().atMost(10, TimeUnit.SECONDS)
                    .untilAsserted(() ->
                            assertThat(this.additional.getConnectedEndPoints()).isEmpty());
            // Jetty counts what a connection has received when it ends.
            await().atMost(10, TimeUnit.SECONDS).until(() -> this.statistics.getReceivedMessages() > 0);
        }
    }

    @Test
    void stopsAndStartsWhenTheApplicationSaysSo() throws Exception {
        try (EmbeddedJetty jetty = start(1, false, true)) {
            int port = this.additional.getLocalPort();
            this.additional.stop();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> RawHttp.connect(port));
            this.additional.start();
            try (Socket client = connect()) {
                send(client, get("/"));
                assertThat(readResponse(client)).endsWith("ok");
            }
            this.additional.shutdown().get(10, TimeUnit.SECONDS);
            jetty.server().closeListeners(Duration.ofSeconds(1));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, false, true",
        "1, false, false",
        "1, true, true",
        "1, true, false",
        "0, false, true",
        "0, true, true"
    })
    void isDrainedLikeTheMainOne(int acceptors, boolean tls, boolean first) throws Exception {
        try (EmbeddedJetty jetty = start(acceptors, tls, first);
                Socket idle = connect();
                Socket busy = connect();
                Socket unread = connect()) {
            int port = this.additional.getLocalPort();
            send(idle, get("/"));
            readResponse(idle);
            send(busy, get("/hold"));
            jetty.awaitHeld();
            jetty.awaitStates(ConnectionState.IDLE, ConnectionState.IN_SERVICE, ConnectionState.NEW);
            List<Socket> queued = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                queued.add(RawHttp.connect(port));
            }
            assertThat(jetty.closeListeners()).matches(AcceptQueueOutcome::complete);
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> RawHttp.connect(port));

            jetty.server().closeIdle(new IdleLimits(Duration.ofSeconds(30), Duration.ZERO, Duration.ofSeconds(30)));
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            for (Socket client : queued) {
                try (Socket open = tls ? Tls.connect(client) : client) {
                    send(open, get("/"));
                    assertThat(readAll(open)).contains("Connection: close").endsWith("ok");
                }
            }
            send(unread, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx");
            assertThat(readAll(unread)).contains("Connection: close").endsWith("ok");
            if (!tls) {
                await().atMost(10, TimeUnit.SECONDS).until(() -> jetty.closer().awaited() >= 1);
            }
            jetty.release();
            assertThat(readAll(busy)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void keepsTheLimitThatTheApplicationHasGivenIt() throws Exception {
        NetworkConnectionLimit[] limit = new NetworkConnectionLimit[1];
        try (EmbeddedJetty jetty = new EmbeddedJetty((connector) -> {
                    Server server = connector.getServer();
                    this.additional = new ServerConnector(server);
                    server.addConnector(this.additional);
                    limit[0] = new NetworkConnectionLimit(2, this.additional);
                    server.addBean(limit[0]);
                });
                Socket unlimited = jetty.connect();
                Socket limited = RawHttp.connect(this.additional.getLocalPort())) {
            send(unlimited, get("/"));
            readResponse(unlimited);
            send(limited, get("/"));
            readResponse(limited);
            assertThat(limit[0].getNetworkConnectionCount()).isEqualTo(1);
            assertThat(jetty.jetty.getBeans(NetworkConnectionLimit.class)).containsExactly(limit[0]);
        }
    }

    /** As Spring Boot does it with TLS. */
    @Test
    void isLimitedWhereTheConnectorsOfALimitHaveBeenReplaced() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty((connector) -> {
                    Server server = connector.getServer();
                    server.addBean(new NetworkConnectionLimit(7, new ServerConnector(server)));
                });
                Socket client = jetty.connect()) {
            send(client, get("/"));
            readResponse(client);
            NetworkConnectionLimit limit = jetty.jetty.getBean(NetworkConnectionLimit.class);
            assertThat(limit.getMaxNetworkConnectionCount()).isEqualTo(7);
            assertThat(limit.getNetworkConnectionCount()).isEqualTo(1);
        }
    }
}
