// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.IdleLimits;
import java.net.Socket;
import java.time.Duration;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connectors behind a proxy that begins each connection with a line of its own. */
@Timeout(60)
class ProxyProtocolTest {

    private static final String HEADER = "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n";

    private static final IdleLimits PATIENT_WITH_HALF_HEADERS =
            new IdleLimits(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(30));

    private static final IdleLimits AT_ONCE = new IdleLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private static void addTo(ServerConnector connector) {
        connector.addFirstConnectionFactory(new ProxyConnectionFactory(connector.getDefaultProtocol()));
    }

    @Test
    void areServedAsJettyServesThem() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty(ProxyProtocolTest::addTo);
                Socket client = jetty.connect()) {
            send(client, HEADER + get("/"));
            readResponse(client);
            send(client, get("/"));
            readResponse(client);
        }
    }

    @Test
    void areServedAsJettyServesThemOverTls() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty((connector) -> {
                    Tls.addTo(connector);
                    addTo(connector);
                });
                Socket plain = jetty.connect();
                Socket transport = jetty.connect()) {
            send(plain, HEADER + get("/"));
            assertThat(readAll(plain)).doesNotContain("200 OK");
            send(transport, HEADER);
            try (Socket client = Tls.connect(transport)) {
                send(client, get("/"));
                readResponse(client);
                jetty.awaitStates(ConnectionState.IDLE);
                jetty.closeListeners();
                jetty.server().closeIdle(AT_ONCE);
                assertThat(client.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void areNewWhileTheyAreSilentAndClosedAsSuch() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty(ProxyProtocolTest::addTo);
                Socket silent = jetty.connect();
                Socket half = jetty.connect()) {
            send(half, "PROXY TC");
            jetty.awaitStates(ConnectionState.NEW, ConnectionState.HANDSHAKE);
            jetty.closeListeners();
            jetty.server().closeIdle(PATIENT_WITH_HALF_HEADERS);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
            jetty.server().closeIdle(PATIENT_WITH_HALF_HEADERS);
            jetty.awaitStates(ConnectionState.HANDSHAKE);

            send(half, HEADER.substring(8) + get("/"));
            assertThat(readAll(half)).contains("Connection: close").endsWith("ok");
        }
    }

    @Test
    void areClosedWhereTheHeaderStopsHalfWay() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty(ProxyProtocolTest::addTo);
                Socket half = jetty.connect()) {
            send(half, "PROXY TC");
            jetty.awaitStates(ConnectionState.HANDSHAKE);
            jetty.closeListeners();
            jetty.server().closeIdle(AT_ONCE);
            assertThat(half.getInputStream().read()).isEqualTo(-1);
            jetty.awaitStates();
        }
    }
}
