package io.github.springdrain.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.DrainSettings;
import io.github.springdrain.kernel.AcceptorThreads;
import io.github.springdrain.kernel.GatedListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.RequestGroupInfo;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.jspecify.annotations.Nullable;

/**
 * A connector with a protocol handler of the application's choice (NIO2, AJP, a class of its own). What works from
 * outside is done: answers close their connections, the listener is gated, emptied and closed. Its connections cannot be
 * told apart, so requests are seen only as the servlets they are allocated to.
 */
final class OutsideConnector implements DrainConnector {

    private final Connector connector;

    private final @Nullable AbstractProtocol<?> protocol;

    private final int maxKeepAliveRequests;

    private volatile int lastPort;

    OutsideConnector(Connector connector) {
        this.connector = connector;
        this.protocol = (connector.getProtocolHandler() instanceof AbstractProtocol<?> handler) ? handler : null;
        this.maxKeepAliveRequests =
                (this.protocol instanceof AbstractHttp11Protocol<?> http) ? http.getMaxKeepAliveRequests() : 0;
    }

    @Override
    public Connector connector() {
        return this.connector;
    }

    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return this.connector.getLocalPort() > 0;
    }

    @Override
    public @Nullable GatedListener listener() {
        return (this.protocol != null && isOpen()) ? new OutsideListener(this.protocol, port()) : null;
    }

    @Override
    public int port() {
        int open = this.connector.getLocalPort();
        if (open > 0) {
            this.lastPort = open;
        }
        return this.lastPort;
    }

    @Override
    public void announce(double closeShare) {
        if (this.protocol instanceof AbstractHttp11Protocol<?> http) {
            http.setMaxKeepAliveRequests((closeShare >= 1) ? 1 : this.maxKeepAliveRequests);
        }
        if (this.protocol != null && closeShare > 0) {
            this.protocol.getHandler().pause();
        }
    }

    @Override
    public void liftConnectionLimit() {
        if (this.protocol != null) {
            this.protocol.setMaxConnections(-1);
        }
    }

    @Override
    public void closeListener() {
        if (this.connector.getProtocolHandlerClassName().contains("Nio2")) {
            // Unless it is paused, its acceptor calls itself over and over once its listener is closed.
            this.connector.pause();
        }
        this.connector.getProtocolHandler().closeServerSocketGraceful();
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        return List.of();
    }

    @Override
    public void closeIdle(DrainSettings.Connections limits) {}

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {}

    @Override
    public long accepted() {
        return (this.protocol != null) ? Math.max(0, this.protocol.getConnectionCount()) : 0;
    }

    @Override
    public long completedRequests() {
        return (this.protocol != null && this.protocol.getHandler().getGlobal() instanceof RequestGroupInfo group)
                ? group.getRequestCount()
                : 0;
    }

    @Override
    public void restarted() {
        announce(0);
    }

    /** The listener of an endpoint that tells nothing of its acceptor; the kernel does. */
    private record OutsideListener(AbstractProtocol<?> protocol, int port) implements GatedListener {

        @Override
        public InetSocketAddress address() {
            InetAddress address = this.protocol.getAddress();
            return (address != null) ? new InetSocketAddress(address, this.port) : new InetSocketAddress(this.port);
        }

        @Override
        public boolean isAcceptorWaiting() {
            return AcceptorThreads.state(address()) != AcceptorThreads.State.BUSY;
        }

        @Override
        public long accepted() {
            return Math.max(0, this.protocol.getConnectionCount());
        }
    }
}
