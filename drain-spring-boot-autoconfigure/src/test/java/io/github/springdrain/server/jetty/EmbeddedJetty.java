// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.testing.HoldingServer;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;

/** A real Jetty with one handler. */
final class EmbeddedJetty extends HoldingServer {

    private final DrainableServer server;

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
        this.server = adoption.apply(this.jetty, closer());
        this.jetty.start();
    }

    private final class Handling extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String path = Request.getPathInContext(request);
            serve(path);
            if (path.equals("/upgrade")) {
                upgrade(request, response, callback);
                return true;
            }
            if (path.equals("/read")) {
                Content.Source.consumeAll(request);
            }
            response.getHeaders().put("Content-Length", 2);
            response.write(true, ByteBuffer.wrap("ok".getBytes(StandardCharsets.ISO_8859_1)), callback);
            return true;
        }
    }

    /** Switches to a protocol in which nobody says anything, the way Jetty's WebSocket does. */
    private static void upgrade(Request request, Response response, Callback callback) {
        Connection http = request.getConnectionMetaData().getConnection();
        request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, new Silent(http.getEndPoint()));
        response.setStatus(HttpStatus.SWITCHING_PROTOCOLS_101);
        response.getHeaders().put(HttpHeader.UPGRADE, "silence");
        response.getHeaders().put(HttpHeader.CONNECTION, "Upgrade");
        response.write(true, null, callback);
    }

    private static final class Silent extends AbstractConnection {

        private Silent(EndPoint endPoint) {
            super(endPoint, Runnable::run);
        }

        @Override
        public void onOpen() {
            super.onOpen();
            fillInterested();
        }

        @Override
        public void onFillable() {
            close();
        }
    }

    /** How the one connector comes to be. */
    interface ConnectorSource {

        ServerConnector create(Server server);
    }

    ServerConnector connector() {
        return (ServerConnector) this.jetty.getConnectors()[0];
    }

    /** The connector as the drain sees it. */
    ManagedConnector managed() {
        return (ManagedConnector)
                ((JettyDrainableServer) this.server).connectors().get(0);
    }

    PendingConnections pending() {
        return managed().pending();
    }

    @Override
    public DrainableServer server() {
        return this.server;
    }

    @Override
    public void restart() throws Exception {
        connector().stop();
        connector().start();
    }

    @Override
    public int port() {
        return connector().getLocalPort();
    }

    @Override
    protected void stop() {
        LifeCycle.stop(this.jetty);
    }
}
