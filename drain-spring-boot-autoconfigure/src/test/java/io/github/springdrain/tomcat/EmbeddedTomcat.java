package io.github.springdrain.tomcat;

import io.github.springdrain.kernel.ListenerGate;
import io.github.springdrain.linger.LingerLimits;
import io.github.springdrain.linger.LingeringCloser;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** A real Tomcat whose one servlet answers at once, or holds a request until the test lets it go. */
final class EmbeddedTomcat implements AutoCloseable {

    static final String EXACT = DrainHttp11NioProtocol.class.getName();

    static final String NIO2 = "org.apache.coyote.http11.Http11Nio2Protocol";

    final LingeringCloser closer = new LingeringCloser(LingerLimits.DEFAULTS);

    final TomcatDrainableServer server;

    final CountDownLatch held = new CountDownLatch(1);

    final CountDownLatch release = new CountDownLatch(1);

    private final Tomcat tomcat = new Tomcat();

    private final Connector connector;

    EmbeddedTomcat(String protocol, ListenerGate.Mode gate, Consumer<Connector> customizer) throws Exception {
        this.server = new TomcatDrainableServer(gate, this.closer, Duration.ofSeconds(5));
        Path base = Files.createTempDirectory("drain-tomcat");
        this.tomcat.setBaseDir(base.toString());
        this.connector = new Connector(protocol);
        this.connector.setPort(0);
        this.connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        this.connector.setProperty("bindOnInit", "false");
        customizer.accept(this.connector);
        this.tomcat.setConnector(this.connector);
        Context context = this.tomcat.addContext("", base.toString());
        Tomcat.addServlet(context, "test", new TestServlet()).setAsyncSupported(true);
        context.addServletMappingDecoded("/*", "test");
        this.server.adopt(context);
        this.tomcat.start();
    }

    EmbeddedTomcat(String protocol) throws Exception {
        this(protocol, ListenerGate.Mode.AUTO, (connector) -> {});
    }

    int port() {
        return this.connector.getLocalPort();
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

    void restartConnector() throws LifecycleException {
        this.connector.stop();
        this.connector.start();
    }

    @Override
    public void close() throws LifecycleException {
        this.release.countDown();
        this.tomcat.stop();
        this.tomcat.destroy();
        this.closer.close();
    }

    private final class TestServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getRequestURI().equals("/hold")) {
                hold();
            }
            response.setContentLength(2);
            response.getOutputStream().print("ok");
        }

        private void hold() throws IOException {
            EmbeddedTomcat.this.held.countDown();
            try {
                if (!EmbeddedTomcat.this.release.await(30, TimeUnit.SECONDS)) {
                    throw new IOException("The test never let go");
                }
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
                throw new IOException(ex);
            }
        }
    }
}
