package io.github.springdrain.server.jetty;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.acceptqueue.linux.AcceptorThreads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.AbstractNetworkConnector;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * One connector on its way out of service: its listener as exactly as its class allows. What its connections do is seen
 * from outside in any case.
 */
abstract class DrainConnector implements GatedListener {

    /** A pool that is stopped waits for half of this, then interrupts its threads and waits for the other half. */
    private static final long ABORTED_POOL_STOP_MILLIS = 1000;

    private final AbstractNetworkConnector connector;

    private final ConnectionLimits limits;

    private final ConnectorAnnouncement announcement;

    private final IdleSweep idleSweep;

    private final CompletedRequests completed = new CompletedRequests();

    private volatile long poolStopMillis = -1;

    private volatile boolean left;

    private volatile InetSocketAddress lastAddress = InetSocketAddress.createUnresolved("unbound", 0);

    private DrainConnector(AbstractNetworkConnector connector, ConnectionLimits limits) {
        this.connector = connector;
        this.limits = limits;
        Http2GracefulCloses leaves = new Http2GracefulCloses();
        this.announcement = new ConnectorAnnouncement(connector, leaves);
        this.idleSweep = new IdleSweep(connector, leaves);
        connector.addBean(this.completed);
    }

    /** A connector of ours. */
    static DrainConnector exact(DrainServerConnector connector, ConnectionLimits limits) {
        return new Exact(connector, limits);
    }

    /** A connector of a class that the application chose: what works from outside is done. */
    static DrainConnector outside(AbstractNetworkConnector connector, ConnectionLimits limits) {
        return new Outside(connector, limits);
    }

    AbstractNetworkConnector connector() {
        return this.connector;
    }

    /** Connections that were accepted and are not among the connector's endpoints yet. */
    abstract List<ConnectionSnapshot> accepting();

    /** Closes the listener as exactly as its class allows. */
    abstract void closeListener() throws IOException;

    /** The name it was given, or its protocols. */
    String name() {
        String given = this.connector.getName();
        return (given != null) ? given : this.connector.getProtocols().toString();
    }

    /** The connector is being started, maybe once more after a drain. */
    void restarted() {
        announce(0);
        if (this.left) {
            this.left = false;
            this.connector.setAccepting(true);
        }
        this.limits.restore();
        if (this.connector.getExecutor() instanceof QueuedThreadPool pool && this.poolStopMillis >= 0) {
            pool.setStopTimeout(this.poolStopMillis);
            this.poolStopMillis = -1;
        }
    }

    void announce(double closeShare) {
        this.announcement.set(closeShare);
    }

    /** What waits for a listener that was handed down is left to whoever else accepts from it. */
    void liftConnectionLimit() {
        if (!isHandedDown()) {
            this.limits.lift(this.connector);
        }
    }

    void closeIdle(IdleLimits settings) {
        this.idleSweep.run(settings);
    }

    List<ConnectionSnapshot> connections() {
        // In the order in which a connection passes through them: one seen twice does less harm than one seen never.
        List<ConnectionSnapshot> snapshots = new ArrayList<>(accepting());
        snapshots.addAll(ConnectionScan.snapshots(this.connector));
        return snapshots;
    }

    void abort(Predicate<ConnectionSnapshot> spare) {
        if (this.connector.getExecutor() instanceof QueuedThreadPool pool && this.poolStopMillis < 0) {
            this.poolStopMillis = pool.getStopTimeout();
            pool.setStopTimeout(ABORTED_POOL_STOP_MILLIS);
        }
        List<Runnable> interruptions = new ArrayList<>();
        ConnectionScan.forEach(this.connector, (endPoint, state) -> {
            Runnable interruption = interruption(endPoint, state);
            if (!spare.test(ConnectionScan.snapshot(endPoint, state))) {
                abort(endPoint, state);
                interruptions.add(interruption);
            }
        });
        interruptions.forEach(Runnable::run);
    }

    /** Who writes a response finds out at its next write; an interrupt would make the application answer once more. */
    private static Runnable interruption(EndPoint endPoint, ConnectionState state) {
        Connection connection = Connections.application(endPoint);
        return (state == ConnectionState.IN_SERVICE && connection != null)
                ? Http1Connections.interruption(connection)
                : () -> {};
    }

    private static void abort(EndPoint endPoint, ConnectionState state) {
        Connection connection = Connections.application(endPoint);
        if (connection != null && Http2Sessions.isHttp2(connection)) {
            Http2Sessions.abort(connection);
            return;
        }
        if (state == ConnectionState.RESPONDING && endPoint instanceof DrainEndPoint drain) {
            drain.end().abort();
        }
        if (Connections.decrypted(endPoint) instanceof AbstractEndPoint open) {
            open.close(new IOException("The drain has reached its deadline"));
        }
    }

    long completedRequests() {
        return this.completed.count(this.connector);
    }

    /**
     * The listener to be gated; {@code null} while it is closed, where it is not an internet socket, and where it was
     * handed down: that one is not ours alone, and a gate would starve whoever else accepts from it.
     */
    @Nullable GatedListener listener() {
        return (isOpen() && !isHandedDown()) ? this : null;
    }

    private boolean isHandedDown() {
        try {
            return this.connector instanceof ServerConnector own
                    && own.isInheritChannel()
                    && own.getTransport() != null
                    && own.getTransport() == System.inheritedChannel();
        } catch (IOException ex) {
            return true;
        }
    }

    /** Accepts no more; closes the listener where that is the server's own. */
    void leaveListener() throws IOException {
        if (isHandedDown()) {
            this.left = true;
            this.connector.setAccepting(false);
        } else {
            closeListener();
        }
    }

    /** Whether it listens, on an internet socket. */
    boolean isOpen() {
        return this.connector.isOpen() && !address().isUnresolved();
    }

    /** The address listened on, also after the listener was closed; unresolved before the first start. */
    @Override
    public InetSocketAddress address() {
        try {
            if (this.connector.getTransport() instanceof ServerSocketChannel channel
                    && channel.isOpen()
                    && channel.getLocalAddress() instanceof InetSocketAddress inet) {
                this.lastAddress = inet;
            }
        } catch (IOException ex) {
            // Closed meanwhile.
        }
        return this.lastAddress;
    }

    private static final class Exact extends DrainConnector {

        private final DrainServerConnector connector;

        private Exact(DrainServerConnector connector, ConnectionLimits limits) {
            super(connector, limits);
            this.connector = connector;
        }

        @Override
        List<ConnectionSnapshot> accepting() {
            return ConnectionScan.snapshots(this.connector.limbo());
        }

        @Override
        void closeListener() throws IOException {
            this.connector.closeListener();
        }

        @Override
        public boolean isAcceptorWaiting() {
            return this.connector.isAcceptorWaiting();
        }

        @Override
        public long accepted() {
            return this.connector.limbo().accepted();
        }
    }

    private static final class Outside extends DrainConnector {

        private final LongAdder accepted = new LongAdder();

        private Outside(AbstractNetworkConnector connector, ConnectionLimits limits) {
            super(connector, limits);
            if (connector instanceof ServerConnector server) {
                server.getSelectorManager().addEventListener(new SelectorManager.AcceptListener() {

                    @Override
                    public void onAccepting(SelectableChannel channel) {
                        Outside.this.accepted.increment();
                    }
                });
            }
        }

        @Override
        List<ConnectionSnapshot> accepting() {
            return List.of();
        }

        @Override
        void closeListener() {
            connector().close();
        }

        @Override
        public boolean isAcceptorWaiting() {
            return AcceptorThreads.state(address()) != AcceptorThreads.State.BUSY;
        }

        @Override
        public long accepted() {
            return this.accepted.sum();
        }
    }
}
