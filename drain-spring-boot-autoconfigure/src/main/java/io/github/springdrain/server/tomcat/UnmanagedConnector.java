package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.acceptqueue.linux.AcceptorThreads;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.RequestGroupInfo;
import org.jspecify.annotations.Nullable;

/**
 * A connector with a protocol handler of the application's choice (NIO2, AJP, a class of its own). What works from
 * outside is done: HTTP/2 peers get GOAWAY, the listener is gated, emptied and closed. HTTP/1.1 clients are not told to
 * go: Tomcat's one setting for that would break each upgrade too. Its connections cannot be told apart, so requests are
 * seen only as the servlets they are allocated to.
 */
final class UnmanagedConnector implements DrainConnector {

    private final Connector connector;

    private final @Nullable AbstractProtocol<?> protocol;

    private final AtomicLong mostConnections = new AtomicLong();

    private volatile int lastPort;

    private volatile @Nullable Integer liftedLimit;

    UnmanagedConnector(Connector connector) {
        this.connector = connector;
        this.protocol = (connector.getProtocolHandler() instanceof AbstractProtocol<?> handler) ? handler : null;
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
        return (this.protocol != null && isOpen())
                ? new OutsideListener(this.protocol, port(), this::completedRequests)
                : null;
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
        if (this.protocol != null && closeShare > 0) {
            this.protocol.getHandler().pause();
        }
    }

    @Override
    public void liftConnectionLimit() {
        if (this.protocol != null && this.liftedLimit == null && this.protocol.getMaxConnections() != -1) {
            this.liftedLimit = this.protocol.getMaxConnections();
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
    public void closeIdle(IdleLimits limits) {}

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {}

    @Override
    public long accepted() {
        // Tomcat counts only those that are open, and none while there is no limit: the most that were is known.
        long open = (this.protocol != null) ? this.protocol.getConnectionCount() : 0;
        return this.mostConnections.accumulateAndGet(open, Math::max);
    }

    @Override
    public long completedRequests() {
        return (this.protocol != null && this.protocol.getHandler().getGlobal() instanceof RequestGroupInfo group)
                ? group.getRequestCount()
                : 0;
    }

    @Override
    public void restarted() {
        Integer limit = this.liftedLimit;
        if (this.protocol != null && limit != null) {
            this.liftedLimit = null;
            this.protocol.setMaxConnections(limit);
        }
    }

    /** The listener of an endpoint that tells nothing of its acceptor; the kernel does. */
    private record OutsideListener(AbstractProtocol<?> protocol, int port, LongSupplier requests)
            implements GatedListener {

        @Override
        public InetSocketAddress address() {
            InetAddress address = this.protocol.getAddress();
            return (address != null) ? new InetSocketAddress(address, this.port) : new InetSocketAddress(this.port);
        }

        @Override
        public boolean isAcceptorWaiting() {
            return AcceptorThreads.state(address()) != AcceptorThreads.State.BUSY;
        }

        /** Requests instead, which is traffic all the same: connections are not counted while there is no limit. */
        @Override
        public long accepted() {
            return this.requests.getAsLong();
        }
    }
}
