// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.testing.RawHttp;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.io.IoCallback;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/** What becomes of a body that the application leaves. */
@Timeout(120)
class UnreadBodyTest {

    /** Well beyond the limit of 100 ms for bodies that nobody reads. */
    private static final long LONG_MILLIS = 400;

    /** So that a busy machine does not make a body late that is sent at once. */
    private static final LingerLimits PATIENT = new LingerLimits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            1 << 20,
            10,
            new LingerLimits.UnreadBody(Duration.ofSeconds(10), 1 << 20));

    /** The server may be held up, by a throttled processor say, between the response and its next look at the body. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatHasArrivedIsReadHoweverLateTheServerComesToIt(boolean blocking) throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        HttpHandler late = (exchange) -> {
            exchange.addRequestWrapper((factory, request) -> new Late(factory.create(), arrived));
            respond(exchange);
        };
        try (Server server = new Server(blocking ? new BlockingHandler(late) : late);
                Socket client = server.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n");
            assertThat(readResponse(client)).doesNotContain("Connection: close");
            send(client, "abcd" + get("/"));
            arrived.countDown();
            assertThat(readResponse(client)).endsWith("ok");
        }
    }

    /** Reactive applications complete where their data comes from. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100", "Transfer-Encoding: chunked"})
    void aBodyThatDoesNotEndAfterAResponseFromAnotherThreadIsCutOff(String framing) throws Exception {
        HttpHandler elsewhere = (exchange) -> exchange.dispatch((task) -> new Thread(task, "elsewhere").start(), () -> {
            exchange.setResponseContentLength(2);
            exchange.getResponseSender().send("ok", IoCallback.END_EXCHANGE);
        });
        try (Server server = new Server(elsewhere);
                Socket client = server.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\n" + framing + "\r\n\r\n");
            assertThat(readAll(client)).endsWith("ok");
            assertThat(server.drainable.connections()).isEmpty();
        }
    }

    @Test
    void aBodyThatArrivesSoonAfterAResponseFromAnotherThreadKeepsTheConnection() throws Exception {
        HttpHandler elsewhere = (exchange) -> exchange.dispatch((task) -> new Thread(task, "elsewhere").start(), () -> {
            exchange.setResponseContentLength(2);
            exchange.getResponseSender().send("ok", IoCallback.END_EXCHANGE);
        });
        try (Server server = new Server(elsewhere, PATIENT);
                Socket client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n");
                assertThat(readResponse(client)).doesNotContain("Connection: close");
                send(client, "abcd");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsKeptOfARequestWhoseConnectionHasEnded(boolean lingers) throws Exception {
        List<WeakReference<HttpServerExchange>> seen = new CopyOnWriteArrayList<>();
        try (Server server = new Server((exchange) -> {
                    seen.add(new WeakReference<>(exchange));
                    respond(exchange);
                });
                Socket client = server.connect()) {
            if (lingers) {
                server.drainable.announce(1);
            }
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n");
            if (lingers) {
                readAll(client);
            } else {
                readResponse(client);
            }
            send(client, "abcd");
            client.shutdownOutput();
            readAll(client);
            Awaitility.await().atMost(30, TimeUnit.SECONDS).untilAsserted(() -> {
                System.gc();
                assertThat(seen)
                        .singleElement()
                        .satisfies((request) -> assertThat(request.get()).isNull());
            });
        }
    }

    private static void respond(HttpServerExchange exchange) {
        exchange.setResponseContentLength(2);
        exchange.getResponseSender().send(ByteBuffer.wrap("ok".getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Looks at the socket late: not before the body has arrived, and not within the limit. */
    private static final class Late extends AbstractStreamSourceConduit<StreamSourceConduit> {

        private final CountDownLatch arrived;

        private boolean looked;

        Late(StreamSourceConduit next, CountDownLatch arrived) {
            super(next);
            this.arrived = arrived;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (!this.looked) {
                this.looked = true;
                awaitArrival();
            }
            return super.read(target);
        }

        private void awaitArrival() throws IOException {
            try {
                this.arrived.await(10, TimeUnit.SECONDS);
                TimeUnit.MILLISECONDS.sleep(LONG_MILLIS);
            } catch (InterruptedException ex) {
                throw new IOException(ex);
            }
        }
    }

    /** A server with one handler and one I/O thread. */
    private static final class Server implements AutoCloseable {

        private final LingeringCloser closer;

        private final UndertowDrainableServer drainable;

        private final Undertow undertow;

        Server(HttpHandler handler) {
            this(handler, LingerLimits.DEFAULTS);
        }

        Server(HttpHandler handler, LingerLimits limits) {
            this.closer = new LingeringCloser(limits);
            this.drainable = new UndertowDrainableServer(ListenerGate.Mode.AUTO, Sharing.NONE, this.closer);
            this.undertow = Undertow.builder()
                    .addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress())
                    .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 0)
                    .setIoThreads(1)
                    .setHandler(this.drainable.inFrontOf(handler))
                    .build();
            this.undertow.start();
            this.drainable.started(this.undertow);
        }

        Socket connect() throws IOException {
            return RawHttp.connect(
                    ((InetSocketAddress) this.undertow.getListenerInfo().get(0).getAddress()).getPort());
        }

        @Override
        public void close() {
            this.undertow.stop();
            this.closer.close();
        }
    }
}
