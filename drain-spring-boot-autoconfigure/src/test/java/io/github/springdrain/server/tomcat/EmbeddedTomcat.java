// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.testing.HoldingServer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.RequestGroupInfo;
import org.apache.coyote.http2.Http2Protocol;

/** A real Tomcat with one servlet. */
final class EmbeddedTomcat extends HoldingServer {

    /** As the starter creates the main connector. */
    static final String DRAIN = DrainHttp11NioProtocol.class.getName();

    /** As {@code new Connector()} creates one. */
    static final String NIO = "org.apache.coyote.http11.Http11NioProtocol";

    static final String NIO2 = "org.apache.coyote.http11.Http11Nio2Protocol";

    static final int FILE_BYTES = 300_000;

    /** How long {@code /slow} works: longer than Tomcat's worker reads a body that the application has left. */
    static final Duration WORK = Duration.ofMillis(150);

    private final TomcatDrainableServer server;

    private final Tomcat tomcat = new Tomcat();

    private final Connector connector;

    EmbeddedTomcat(String protocol, ListenerGate.Mode gate, Consumer<Connector> customizer) throws Exception {
        this(protocol, gate, LingerLimits.DEFAULTS, customizer);
    }

    EmbeddedTomcat(String protocol, ListenerGate.Mode gate, LingerLimits limits, Consumer<Connector> customizer)
            throws Exception {
        super(limits);
        this.server = new TomcatDrainableServer(gate, Sharing.NONE, closer(), Duration.ofSeconds(5));
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

    /** One that speaks HTTP/2 in clear text as well, in one of Tomcat's two ways to read and write. */
    static EmbeddedTomcat withHttp2(String protocol, boolean asyncIo) throws Exception {
        return new EmbeddedTomcat(protocol, ListenerGate.Mode.AUTO, (connector) -> {
            connector.setProperty("useAsyncIO", String.valueOf(asyncIo));
            connector.addUpgradeProtocol(new Http2Protocol());
        });
    }

    @Override
    public int port() {
        return this.connector.getLocalPort();
    }

    @Override
    public TomcatDrainableServer server() {
        return this.server;
    }

    @Override
    public void restart() throws LifecycleException {
        this.connector.stop();
        this.connector.start();
    }

    @Override
    protected void stop() {
        try {
            this.tomcat.stop();
            this.tomcat.destroy();
        } catch (LifecycleException ex) {
            throw new IllegalStateException(ex);
        }
    }

    Connector connector() {
        return this.connector;
    }

    /** Requests that Tomcat counts as failed. */
    int errors() {
        AbstractProtocol<?> protocol = (AbstractProtocol<?>) this.connector.getProtocolHandler();
        return (protocol.getHandler().getGlobal() instanceof RequestGroupInfo group) ? group.getErrorCount() : -1;
    }

    /** Asynchronous requests that the stop of the application waits for. */
    long inProgressAsync() {
        return ((StandardContext) this.tomcat.getHost().findChildren()[0]).getInProgressAsyncCount();
    }

    /** Requests that Tomcat has completed. */
    int completed() {
        AbstractProtocol<?> protocol = (AbstractProtocol<?>) this.connector.getProtocolHandler();
        return (protocol.getHandler().getGlobal() instanceof RequestGroupInfo group) ? group.getRequestCount() : -1;
    }

    /** Leaves every request body unread, but for that of {@code /read}. */
    private final class TestServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final AtomicReference<Path> file = new AtomicReference<>();

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            serve(request.getRequestURI());
            switch (request.getRequestURI()) {
                case "/file" -> sendFile(request, response);
                case "/upgrade" -> {
                    response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
                    response.setHeader("Upgrade", "test");
                    response.setHeader("Connection", "upgrade");
                    request.upgrade(Upgraded.class);
                }
                case "/reject" -> {
                    response.setStatus(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
                    respond(response);
                }
                case "/nothing" -> response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                case "/async" -> {
                    AsyncContext context = request.startAsync();
                    context.start(() -> {
                        respond(response);
                        context.complete();
                    });
                }
                case "/suspended" -> request.startAsync().setTimeout(0);
                case "/read" -> {
                    request.getInputStream().readAllBytes();
                    respond(response);
                }
                case "/slow" -> {
                    LockSupport.parkNanos(WORK.toNanos());
                    respond(response);
                }
                default -> respond(response);
            }
        }

        private void respond(HttpServletResponse response) {
            response.setContentLength(2);
            try {
                response.getOutputStream().print("ok");
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

        private void sendFile(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Path path = this.file.updateAndGet((known) -> (known != null) ? known : newFile());
            response.setContentLength(FILE_BYTES);
            request.setAttribute("org.apache.tomcat.sendfile.filename", path.toString());
            request.setAttribute("org.apache.tomcat.sendfile.start", 0L);
            request.setAttribute("org.apache.tomcat.sendfile.end", (long) FILE_BYTES);
        }

        private static Path newFile() {
            try {
                Path path = Files.createTempFile("drain-tomcat", ".bin");
                path.toFile().deleteOnExit();
                return Files.write(path, new byte[FILE_BYTES]);
            } catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }

    /** Speaks a protocol in which nothing is said. */
    public static final class Upgraded implements HttpUpgradeHandler {

        @Override
        public void init(WebConnection connection) {}

        @Override
        public void destroy() {}
    }
}
