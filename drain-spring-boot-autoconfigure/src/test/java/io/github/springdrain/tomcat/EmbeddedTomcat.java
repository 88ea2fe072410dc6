package io.github.springdrain.tomcat;

import io.github.springdrain.kernel.ListenerGate;
import io.github.springdrain.testing.HoldingServer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** A real Tomcat with one servlet. */
final class EmbeddedTomcat extends HoldingServer {

    static final String EXACT = DrainHttp11NioProtocol.class.getName();

    static final String NIO2 = "org.apache.coyote.http11.Http11Nio2Protocol";

    private final TomcatDrainableServer server;

    private final Tomcat tomcat = new Tomcat();

    private final Connector connector;

    EmbeddedTomcat(String protocol, ListenerGate.Mode gate, Consumer<Connector> customizer) throws Exception {
        this.server = new TomcatDrainableServer(gate, closer(), Duration.ofSeconds(5));
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

    private final class TestServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            serve(request.getRequestURI());
            response.setContentLength(2);
            response.getOutputStream().print("ok");
        }
    }
}
