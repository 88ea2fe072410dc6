package io.github.springdrain.jetty;

import io.github.springdrain.DrainableServer;
import io.github.springdrain.linger.LingerLimits;
import io.github.springdrain.linger.LingeringCloser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/** A real Jetty whose one handler answers at once, or holds a request until the test lets it go. */
final class EmbeddedJetty implements AutoCloseable {

    final LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS);

    final CountDownLatch held = new CountDownLatch(1);

    final CountDownLatch release = new CountDownLatch(1);

    final CountDownLatch interrupted = new CountDownLatch(1);

    final DrainableServer server;

    final Server jetty;

    /** Starts a server with a connector of Jetty's own, which the test may configure before it is adopted. */
    EmbeddedJetty(Consumer<ServerConnector> configuration) throws Exception {
        this(ServerConnector::new, configuration, JettyAdoption::plain);
    }

    EmbeddedJetty() throws Exception {
        this((connector) -> {});
    }

    EmbeddedJetty(
            ConnectorSource source,
            Consumer<ServerConnector> configuration,
            BiFunction<Server, LingeringCloser, DrainableServer> adoption)
            throws Exception {
        this.jetty = new Server();
        ServerConnector connector = source.create(this.jetty);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        this.jetty.addConnector(connector);
        configuration.accept(connector);
        this.jetty.setHandler(new Handling());
        this.server = adoption.apply(this.jetty, this.closer);
        this.jetty.start();
    }

    private final class Handling extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (Request.getPathInContext(request).equals("/hold")) {
                hold();
            }
            response.getHeaders().put("Content-Length", 2);
            response.write(true, ByteBuffer.wrap("ok".getBytes(StandardCharsets.ISO_8859_1)), callback);
            return true;
        }

        private void hold() throws IOException {
            EmbeddedJetty.this.held.countDown();
            try {
                if (!EmbeddedJetty.this.release.await(30, TimeUnit.SECONDS)) {
                    throw new IOException("The test never let go");
                }
            } catch (InterruptedException ex) {
                EmbeddedJetty.this.interrupted.countDown();
                throw new IOException(ex);
            }
        }
    }

    /** How the one connector comes to be. */
    interface ConnectorSource {

        ServerConnector create(Server server);
    }

    ServerConnector connector() {
        return (ServerConnector) this.jetty.getConnectors()[0];
    }

    /** Stops and starts the connector, as Boot does with a web server. */
    void restartConnector() throws Exception {
        connector().stop();
        connector().start();
    }

    int port() {
        return connector().getLocalPort();
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
        LifeCycle.stop(this.jetty);
        this.closer.close();
    }
}
