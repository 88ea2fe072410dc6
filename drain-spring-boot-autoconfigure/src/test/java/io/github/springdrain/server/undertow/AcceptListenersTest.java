// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import static io.github.springdrain.testing.RawHttp.connect;
import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.testing.TestTls;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listeners of every kind accept as Undertow has them accept, while their connections are counted. */
@Timeout(120)
class AcceptListenersTest {

    private static final String PROXIED = "PROXY TCP4 192.0.2.7 192.0.2.8 4711 80\r\n";

    private static final AcceptQueueLimits QUEUE = new AcceptQueueLimits(Duration.ofSeconds(30), Duration.ofMillis(50));

    private static final IdleLimits AT_ONCE = new IdleLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS);

    private final UndertowDrainableServer server =
            new UndertowDrainableServer(ListenerGate.Mode.AUTO, Sharing.NONE, this.closer);

    private Undertow undertow = Undertow.builder().build();

    private int start(Undertow.ListenerType type, boolean proxied, boolean http2) {
        this.undertow = Undertow.builder()
                .addListener(new Undertow.ListenerBuilder()
                        .setType(type)
                        .setHost(InetAddress.getLoopbackAddress().getHostAddress())
                        .setPort(0)
                        .setSslContext(TestTls.server())
                        .setUseProxyProtocol(proxied))
                .setServerOption(UndertowOptions.ENABLE_HTTP2, http2)
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 0)
                .setHandler(this.server.inFrontOf(new BlockingHandler(AcceptListenersTest::respond)))
                .build();
        this.undertow.start();
        this.server.started(this.undertow);
        return ((InetSocketAddress) this.undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    private static void respond(HttpServerExchange exchange) throws IOException {
        exchange.getResponseHeaders()
                .put(
                        io.undertow.util.HttpString.tryFromString("X-Peer"),
                        exchange.getSourceAddress().getHostString() + " " + exchange.getRequestScheme());
        exchange.setResponseContentLength(2);
        exchange.getOutputStream().write("ok".getBytes(StandardCharsets.ISO_8859_1));
    }

    @AfterEach
    void stop() {
        this.undertow.stop();
        this.closer.close();
    }

    @Test
    void aListenerWithProxyProtocolReadsTheHeader() throws Exception {
        int port = start(Undertow.ListenerType.HTTP, true, false);
        try (Socket client = connect(port)) {
            send(client, PROXIED + get("/"));
            assertThat(readResponse(client)).startsWith("HTTP/1.1 200").contains("X-Peer: 192.0.2.7 http");
        }
        assertThat(this.server.totals().accepted()).isEqualTo(1);
    }

    @Test
    void aListenerWithProxyProtocolServesNothingWithoutTheHeader() throws Exception {
        int port = start(Undertow.ListenerType.HTTP, true, false);
        try (Socket client = connect(port)) {
            send(client, get("/"));
            assertThat(readRest(client)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aListenerWithProxyProtocolAndTlsReadsTheHeaderAndThenTls(boolean http2) throws Exception {
        int port = start(Undertow.ListenerType.HTTPS, true, http2);
        try (Socket plain = connect(port)) {
            send(plain, PROXIED);
            try (Socket client = TestTls.over(plain)) {
                send(client, get("/"));
                assertThat(readResponse(client)).startsWith("HTTP/1.1 200").contains("X-Peer: 192.0.2.7 https");
            }
        }
        assertThat(this.server.totals().accepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aListenerWithProxyProtocolAndTlsServesNothingInPlainText(boolean withHeader) throws Exception {
        int port = start(Undertow.ListenerType.HTTPS, true, false);
        try (Socket client = connect(port)) {
            send(client, (withHeader ? PROXIED : "") + get("/"));
            assertThat(readRest(client)).doesNotContain("HTTP/");
        }
    }

    private static String readRest(Socket client) {
        try {
            return readAll(client);
        } catch (IOException ex) {
            return "";
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionsOverTlsAreCounted(boolean http2) throws Exception {
        int port = start(Undertow.ListenerType.HTTPS, false, http2);
        for (int i = 0; i < 3; i++) {
            try (Socket client = TestTls.over(connect(port))) {
                send(client, get("/"));
                assertThat(readResponse(client)).contains("https");
            }
        }
        assertThat(this.server.totals().accepted()).isEqualTo(3);
    }

    /** XNIO looks once more for a connection than there are when several come at a time. */
    @Test
    void aBurstOfConnectionsIsCountedExactly() throws Exception {
        int port = start(Undertow.ListenerType.HTTP, false, false);
        Socket[] clients = new Socket[100];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = connect(port);
        }
        for (Socket client : clients) {
            send(client, get("/"));
            readResponse(client);
            client.close();
        }
        assertThat(this.server.totals().accepted()).isEqualTo(clients.length);
    }

    @ParameterizedTest
    @EnumSource(
            value = Undertow.ListenerType.class,
            names = {"HTTP", "HTTPS"})
    void aListenerWithProxyProtocolIsDrained(Undertow.ListenerType type) throws Exception {
        int port = start(type, true, false);
        try (Socket plain = connect(port)) {
            send(plain, PROXIED);
            Socket client = (type == Undertow.ListenerType.HTTPS) ? TestTls.over(plain) : plain;
            send(client, get("/"));
            assertThat(readResponse(client)).doesNotContain("Connection: close");
            this.server.announce(1);
            AcceptQueueOutcome outcome = this.server.emptyAcceptQueue(QUEUE, Duration.ofSeconds(40));
            assertThat(outcome.complete()).as("%s", outcome).isTrue();
            this.server.closeListeners(Duration.ofSeconds(5));
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(port));
            assertThat(this.server.connections())
                    .singleElement()
                    .satisfies((connection) -> assertThat(connection.state()).isEqualTo(ConnectionState.IDLE));
            send(client, get("/"));
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
        }
        Awaitility.await()
                .atMost(10, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(this.server.connections()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(
            value = Undertow.ListenerType.class,
            names = {"HTTP", "HTTPS"})
    void idleConnectionsBehindProxyProtocolEndByFin(Undertow.ListenerType type) throws Exception {
        int port = start(type, true, false);
        try (Socket plain = connect(port)) {
            send(plain, PROXIED);
            Socket client = (type == Undertow.ListenerType.HTTPS) ? TestTls.over(plain) : plain;
            send(client, get("/"));
            readResponse(client);
            this.server.announce(1);
            this.server.closeListeners(Duration.ofSeconds(5));
            this.server.closeIdle(AT_ONCE);
            this.server.closeIdle(AT_ONCE);
            assertThat(readAll(client)).isEmpty();
        }
    }
}
