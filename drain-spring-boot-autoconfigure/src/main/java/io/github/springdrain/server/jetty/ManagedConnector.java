// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.FailureCollector;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.jetty.ConnectorAccess.DrainSelectorManager;
import io.github.springdrain.server.linger.LingerPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * A connector of Jetty's own class. It stays the application's object: what it accepts is given to our selector manager,
 * and a listener that can be emptied and closed exactly takes the place of its own whenever it starts.
 */
final class ManagedConnector implements JettyConnector, GatedListener {

    /**
     * How many connections wait to be accepted where nobody has said: with the 50 of the JDK, a burst of clients makes
     * the kernel drop handshakes or send SYN cookies, which no gate can keep. The kernel takes no more than
     * {@code net.core.somaxconn}, which is this by default.
     */
    private static final int ACCEPT_QUEUE_SIZE = 4096;

    private static final long CLOSE_BOUND_MILLIS = 1000;

    /** A pool that is stopped waits for half of this, then interrupts its threads and waits for the other half. */
    private static final long ABORTED_POOL_STOP_MILLIS = 1000;

    /** What the last GOAWAYs get to leave, all together. */
    private static final Duration GOAWAY_LIMIT = Duration.ofMillis(50);

    private static final Duration GOAWAY_TICK = Duration.ofMillis(5);

    private final ServerConnector connector;

    private final DrainSelectorManager manager;

    private final ConnectionLimits limits;

    private final ConnectorAnnouncement announcement;

    private final IdleSweep idleSweep;

    private final CompletedRequests completed = new CompletedRequests();

    /** Not there where Jetty's selectors accept. */
    private volatile @Nullable ListenerChannel listenerChannel;

    private volatile long poolStopMillis = -1;

    private volatile boolean left;

    private volatile InetSocketAddress lastAddress = InetSocketAddress.createUnresolved("unbound", 0);

    private ManagedConnector(ServerConnector connector, DrainSelectorManager manager, ConnectionLimits limits) {
        this.connector = connector;
        this.manager = manager;
        this.limits = limits;
        Http2GracefulClose.PerConnection http2 = new Http2GracefulClose.PerConnection();
        this.announcement = new ConnectorAnnouncement(connector, http2);
        this.idleSweep = new IdleSweep(connector, http2);
        connector.addBean(this.completed);
    }

    /** Takes over a connector that is about to start for the first time; {@code null} where that cannot be. */
    static @Nullable ManagedConnector of(
            ServerConnector connector, ConnectionLimits limits, LingerPolicy lingerPolicy) {
        DrainSelectorManager manager = new DrainSelectorManager(connector, lingerPolicy);
        // Without acceptors Jetty's selectors accept, and they give what comes in to the connector's own manager.
        if (connector.getAcceptors() == 0 && !Internals.exchangeSelectorManager(connector, manager)) {
            return null;
        }
        connector.removeBean(manager.original());
        connector.addBean(manager, true);
        return new ManagedConnector(connector, manager, limits);
    }

    /** Connections that were accepted and are not among the connector's endpoints yet. */
    PendingConnections pending() {
        return this.manager.pending();
    }

    @Override
    public ServerConnector connector() {
        return this.connector;
    }

    @Override
    public boolean isManaged() {
        return true;
    }

    @Override
    public void starting() {
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
        if (this.connector.getAcceptQueueSize() <= 0) {
            this.connector.setAcceptQueueSize(ACCEPT_QUEUE_SIZE);
        }
        this.listenerChannel = null;
        if (this.connector.getAcceptors() > 0) {
            openListener();
        }
    }

    private void openListener() {
        try {
            this.connector.open();
        } catch (IOException ex) {
            // Jetty tries once more when it starts the connector, and says why it cannot.
            return;
        }
        if (this.connector.getTransport() instanceof ServerSocketChannel channel) {
            try {
                ListenerChannel replaced = new ListenerChannel(channel, isInherited(), this.connector, this.manager);
                this.connector.open(replaced);
                this.listenerChannel = replaced;
            } catch (IOException ex) {
                IO.close(channel);
                throw new UncheckedIOException(ex);
            }
        }
    }

    @Override
    public void announce(double closeShare) {
        this.announcement.set(closeShare);
    }

    @Override
    public void liftConnectionLimit() {
        this.limits.lift(this.connector, this.manager);
    }

    @Override
    public void closeIdle(IdleLimits settings) {
        this.idleSweep.run(settings);
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        // In the order in which a connection passes through them: one seen twice does less harm than one seen never.
        List<ConnectionSnapshot> snapshots = new ArrayList<>(ConnectionScan.snapshots(pending()));
        snapshots.addAll(ConnectionScan.snapshots(this.connector));
        return snapshots;
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        if (this.connector.getExecutor() instanceof QueuedThreadPool pool && this.poolStopMillis < 0) {
            this.poolStopMillis = pool.getStopTimeout();
            pool.setStopTimeout(ABORTED_POOL_STOP_MILLIS);
        }
        List<Runnable> interruptions = new ArrayList<>();
        List<EndPoint> aborted = new ArrayList<>();
        FailureCollector failures = new FailureCollector();
        failures.run(() -> ConnectionScan.forEach(this.connector, (endPoint, state) -> {
            Runnable interruption = interruption(endPoint, state);
            if (!spare.test(ConnectionScan.snapshot(endPoint, state))) {
                aborted.add(endPoint);
                interruptions.add(interruption);
                abort(endPoint, state);
            }
        }));
        interruptions.forEach(failures::run);
        closeUnread(aborted);
        failures.throwFirst();
    }

    /** A peer that has stopped reading would hold the last GOAWAY, and with it Jetty's own stop, for its idle timeout. */
    private static void closeUnread(List<EndPoint> aborted) {
        long start = System.nanoTime();
        for (EndPoint endPoint : aborted) {
            while (endPoint.isOpen() && System.nanoTime() - start < GOAWAY_LIMIT.toNanos()) {
                LockSupport.parkNanos(GOAWAY_TICK.toNanos());
            }
            if (endPoint.isOpen()) {
                close(endPoint);
            }
        }
    }

    /** A thread that writes a response finds out at its next write; an interrupt would make the application respond once more. */
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
        close(endPoint);
    }

    private static void close(EndPoint endPoint) {
        if (Connections.decrypted(endPoint) instanceof AbstractEndPoint open) {
            open.close(new IOException("The drain has reached its deadline"));
        }
    }

    @Override
    public long completedRequests() {
        return this.completed.count(this.connector);
    }

    @Override
    public @Nullable GatedListener listener() {
        // One that was handed down is not ours alone: a gate would starve whoever else accepts from it.
        return (isOpen() && !isInherited()) ? this : null;
    }

    @Override
    public boolean isInherited() {
        try {
            ServerSocketChannel channel = listenerOfJetty();
            return this.connector.isInheritChannel() && channel != null && channel == System.inheritedChannel();
        } catch (IOException ex) {
            return true;
        }
    }

    private @Nullable ServerSocketChannel listenerOfJetty() {
        ListenerChannel replaced = this.listenerChannel;
        if (replaced != null) {
            return replaced.channel();
        }
        return (this.connector.getTransport() instanceof ServerSocketChannel channel) ? channel : null;
    }

    @Override
    public void closeListener() throws IOException {
        ListenerChannel replaced = this.listenerChannel;
        if (isInherited()) {
            this.left = true;
            this.connector.setAccepting(false);
            if (replaced != null) {
                replaced.wakeup();
            }
        } else if (replaced != null) {
            replaced.closeGracefully();
        } else if (this.connector.getTransport() instanceof ServerSocketChannel channel && channel.isOpen()) {
            leaveSelector(channel);
            for (SocketChannel last = channel.accept(); last != null; last = channel.accept()) {
                this.manager.take(last);
            }
            channel.close();
        }
    }

    /** A channel that is registered stays open in the kernel until its selector's next turn, so that one goes first. */
    private void leaveSelector(ServerSocketChannel channel) {
        this.connector.setAccepting(false);
        long start = System.nanoTime();
        try {
            while (channel.isRegistered() && System.nanoTime() - start < CLOSE_BOUND_MILLIS * 1_000_000) {
                Thread.sleep(1);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isAcceptorWaiting() {
        ListenerChannel replaced = this.listenerChannel;
        return (replaced == null || replaced.isAcceptorWaiting()) && pending().isEmpty();
    }

    @Override
    public long accepted() {
        return pending().accepted();
    }

    /** Whether it listens, on an internet socket. */
    @Override
    public boolean isOpen() {
        return this.connector.isOpen() && !address().isUnresolved();
    }

    @Override
    public int port() {
        return address().getPort();
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
}
