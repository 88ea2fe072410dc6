package io.github.springdrain.undertow;

import io.github.springdrain.kernel.ListenerGate;
import io.github.springdrain.linger.LingerLimits;
import io.github.springdrain.linger.LingeringCloser;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.xnio.Options;

/** A real Undertow whose one handler answers at once, or holds a request until the test lets it go. */
final class EmbeddedUndertow implements AutoCloseable {

    final LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS);

    final UndertowDrainableServer server = new UndertowDrainableServer(ListenerGate.Mode.AUTO, this.closer);

    final CountDownLatch held = new CountDownLatch(1);

    final CountDownLatch release = new CountDownLatch(1);

    private final Undertow undertow;

    /** Starts a server that takes at most so many connections at a time. */
    EmbeddedUndertow(int connections) {
        this.undertow = Undertow.builder()
                .addHttpListener(0, InetAddress.getLoopbackAddress().getHostAddress())
                .setSocketOption(Options.CONNECTION_HIGH_WATER, connections)
                .setSocketOption(Options.CONNECTION_LOW_WATER, connections)
                .setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, true)
                .setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 0)
                .setHandler(this.server.inFrontOf(new BlockingHandler(this::answer)))
                .build();
        start();
    }

    EmbeddedUndertow() {
        this(1000);
    }

    private void answer(HttpServerExchange exchange) throws IOException, InterruptedException {
        if (exchange.getRequestPath().equals("/hold")) {
            this.held.countDown();
            if (!this.release.await(30, TimeUnit.SECONDS)) {
                throw new IOException("The test never let go");
            }
        }
        exchange.setResponseContentLength(2);
        exchange.getOutputStream().write("ok".getBytes(StandardCharsets.ISO_8859_1));
    }

    private void start() {
        this.undertow.start();
        this.server.started(this.undertow);
    }

    void restart() {
        this.undertow.stop();
        start();
    }

    int port() {
        return ((InetSocketAddress) this.undertow.getListenerInfo().get(0).getAddress()).getPort();
    }

    Socket connect() throws IOException {
        return connect(port());
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** Reads to the end of the stream. */
    static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Reads an answer whose body is {@code ok}. */
    static String readAnswer(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\nok")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("End of stream after: " + answer);
            }
            answer.append((char) next);
        }
        return answer.toString();
    }

    @Override
    public void close() {
        this.release.countDown();
        this.undertow.stop();
        this.closer.close();
    }
}
