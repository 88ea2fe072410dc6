// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.testing.RawHttp;
import io.github.springdrain.testing.TestTls;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are sent without waiting for the responses of those before. */
@Timeout(120)
class PipeliningTest {

    private static final IdleLimits AT_ONCE = new IdleLimits(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    static Stream<Mode> modes() {
        return Stream.of(
                new Mode(false, true, true),
                new Mode(true, true, true),
                new Mode(false, false, true),
                new Mode(false, true, false),
                new Mode(true, false, false));
    }

    @ParameterizedTest
    @MethodSource("modes")
    void whatWasReadBeforeTheCloseIsAdvertisedIsServed(Mode mode) throws Exception {
        try (Pipelined server = new Pipelined(mode);
                Socket client = server.connect()) {
            server.drainable.announce(1);
            send(client, get("/1") + get("/2") + get("/3"));
            List<String> responses = responses(readAll(client));
            assertThat(responses).hasSize(3);
            assertThat(responses.get(0)).doesNotContain("Connection: close").endsWith("ok /1");
            assertThat(responses.get(1)).doesNotContain("Connection: close").endsWith("ok /2");
            assertThat(responses.get(2)).contains("Connection: close").endsWith("ok /3");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aConnectionThatHasPipelinedBeforeGetsItsLastResponse(Mode mode) throws Exception {
        try (Pipelined server = new Pipelined(mode);
                Socket client = server.connect()) {
            send(client, get("/1") + get("/2"));
            readBody(client, "ok /2");
            server.drainable.announce(1);
            send(client, get("/3"));
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok /3");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void whatFollowsABodyThatWasReadIsServed(Mode mode) throws Exception {
        try (Pipelined server = new Pipelined(mode);
                Socket client = server.connect()) {
            server.drainable.announce(1);
            send(client, post("/read", "abcd") + post("/read", "efgh") + get("/3"));
            List<String> responses = responses(readAll(client));
            assertThat(responses).hasSize(3);
            assertThat(responses.get(2)).contains("Connection: close").endsWith("ok /3");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void whatFollowsABodyThatNobodyReadsIsServed(Mode mode) throws Exception {
        try (Pipelined server = new Pipelined(mode);
                Socket client = server.connect()) {
            server.drainable.announce(1);
            send(client, post("/1", "abcd") + get("/2"));
            List<String> responses = responses(readAll(client));
            assertThat(responses).hasSize(2);
            assertThat(responses.get(1)).contains("Connection: close").endsWith("ok /2");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aBodyThatNobodyReadsBehindPipelinedRequestsCostsNoResponse(Mode mode) throws Exception {
        // Undertow itself waits for the body, and keeps the responses to itself for as long.
        assumeTrue(mode.lingering());
        try (Pipelined server = new Pipelined(mode);
                Socket client = server.connect()) {
            send(client, get("/1") + "POST /2 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nx");
            readBody(client, "ok /1");
            readBody(client, "ok /2");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aCloseThatTheClientAsksForCostsNoResponse(Mode mode) throws Exception {
        try (Pipelined server = new Pipelined(mode);
                Socket client = server.connect()) {
            send(client, get("/1") + closing("/2") + get("/3"));
            List<String> responses = responses(readAll(client));
            assertThat(responses).hasSize(2);
            assertThat(responses.get(0)).endsWith("ok /1");
            assertThat(responses.get(1)).contains("Connection: close").endsWith("ok /2");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aCloseThatTheClientAsksForWhileTheDrainRunsCostsNoResponse(Mode mode) throws Exception {
        try (Pipelined server = new Pipelined(mode);
                Socket client = server.connect()) {
            server.drainable.announce(1);
            send(client, closing("/1") + get("/2"));
            List<String> responses = responses(readAll(client));
            assertThat(responses)
                    .singleElement()
                    .asString()
                    .contains("Connection: close")
                    .endsWith("ok /1");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aCloseThatTheApplicationAsksForCostsNoResponse(Mode mode) throws Exception {
        try (Pipelined server = new Pipelined(mode);
                Socket client = server.connect()) {
            send(client, get("/1") + get("/close") + get("/3"));
            List<String> responses = responses(readAll(client));
            assertThat(responses).hasSize(2);
            assertThat(responses.get(0)).endsWith("ok /1");
            assertThat(responses.get(1)).contains("Connection: close").endsWith("ok /close");
        }
    }

    /** A response that is held back until the next request is complete goes out before the connection ends. */
    @ParameterizedTest
    @MethodSource("modes")
    void aResponseBehindWhichHalfARequestWasReadGoesOut(Mode mode) throws Exception {
        try (Pipelined server = new Pipelined(mode);
                Socket client = server.connect()) {
            server.drainable.announce(1);
            send(client, get("/1") + get("/2") + "GET /3 HT");
            Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> server.served == 2);
            server.drainable.closeListeners(Duration.ofSeconds(5));
            Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> {
                server.drainable.closeIdle(AT_ONCE);
                return server.drainable.connections().isEmpty();
            });
            assertThat(responses(readAll(client))).hasSize(2);
        }
    }

    /** Old clients send one behind a body; nothing follows it. */
    @ParameterizedTest
    @MethodSource("modes")
    void anEmptyLineBehindARequestIsNoRequest(Mode mode) throws Exception {
        try (Pipelined server = new Pipelined(mode);
                Socket client = server.connect()) {
            server.drainable.announce(1);
            send(client, post("/read", "abcd") + "\r\n");
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok /read");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aClientThatAlwaysPipelinesIsNotifiedInTheEnd(Mode mode) throws Exception {
        try (Pipelined server = new Pipelined(mode)) {
            Thread sender;
            try (Socket client = server.connect()) {
                server.drainable.announce(1);
                sender = new Thread(() -> sendEndlessly(client));
                sender.start();
                List<String> responses = responses(readAll(client));
                assertThat(responses.get(responses.size() - 1)).contains("Connection: close");
            }
            sender.join();
        }
    }

    private static void sendEndlessly(Socket client) {
        String many = get("/1").repeat(100);
        try {
            while (true) {
                send(client, many);
            }
        } catch (IOException ex) {
            // The server has ended it.
        }
    }

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String closing(String path) {
        return get(path).replace("Host:", "Connection: close\r\nHost:");
    }

    private static List<String> responses(String all) {
        List<String> responses = new ArrayList<>();
        int begin = 0;
        while (begin < all.length()) {
            int next = all.indexOf("HTTP/1.1 ", begin + 1);
            int end = (next < 0) ? all.length() : next;
            responses.add(all.substring(begin, end));
            begin = end;
        }
        return responses;
    }

    private static void readBody(Socket socket, String body) throws IOException {
        StringBuilder seen = new StringBuilder();
        while (!seen.toString().endsWith(body)) {
            int next = socket.getInputStream().read();
            assertThat(next).as("end of stream after: %s", seen).isNotNegative();
            seen.append((char) next);
        }
    }

    /** How a server is set up. */
    record Mode(boolean tls, boolean blocking, boolean lingering) {}

    /** A server that names the path in its response. */
    private static final class Pipelined implements AutoCloseable {

        private final Mode mode;

        private final LingeringCloser closer;

        private final UndertowDrainableServer drainable;

        private final Undertow undertow;

        private volatile int served;

        Pipelined(Mode mode) {
            this.mode = mode;
            this.closer = mode.lingering() ? new LingeringCloser(LingerLimits.DEFAULTS) : LingeringCloser.OFF;
            this.drainable = new UndertowDrainableServer(ListenerGate.Mode.AUTO, Sharing.NONE, this.closer);
            HttpHandler handler = mode.blocking() ? new BlockingHandler(this::serve) : this::serve;
            Undertow.Builder builder = Undertow.builder()
                    .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 0)
                    .setIoThreads(1)
                    .setHandler(this.drainable.inFrontOf(handler));
            String host = InetAddress.getLoopbackAddress().getHostAddress();
            this.undertow = mode.tls()
                    ? builder.addHttpsListener(0, host, TestTls.server()).build()
                    : builder.addHttpListener(0, host).build();
            this.undertow.start();
            this.drainable.started(this.undertow);
        }

        private void serve(HttpServerExchange exchange) throws IOException {
            String path = exchange.getRequestPath();
            if (path.equals("/read")) {
                exchange.getRequestReceiver().receiveFullString((received, body) -> respond(received));
                return;
            }
            if (path.equals("/close")) {
                exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
            }
            respond(exchange);
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // One request at a time.
        private void respond(HttpServerExchange exchange) {
            byte[] body = ("ok " + exchange.getRequestPath()).getBytes(StandardCharsets.ISO_8859_1);
            exchange.setResponseContentLength(body.length);
            this.served++;
            exchange.getResponseSender().send(ByteBuffer.wrap(body));
        }

        Socket connect() throws IOException {
            Socket socket = RawHttp.connect(
                    ((InetSocketAddress) this.undertow.getListenerInfo().get(0).getAddress()).getPort());
            return this.mode.tls() ? TestTls.over(socket) : socket;
        }

        @Override
        public void close() {
            this.undertow.stop();
            this.closer.close();
        }
    }
}
