// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.ListenerStatus;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.CloseAdvertisement;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.FailureCollector;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.ServerTotals;
import io.github.springdrain.server.acceptqueue.ServerGate;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerPolicy;
import io.github.springdrain.server.linger.LingeringCloser;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerConfig;

/**
 * An HTTP server of Reactor Netty, through any number of starts and stops. Thread-safe as {@link DrainableServer} asks for.
 */
public final class NettyDrainableServer implements DrainableServer {

    private static final Logger logger = LoggerFactory.getLogger(NettyDrainableServer.class);

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

    /** A server that is not bound after this time has failed to start. */
    private static final long BIND_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final ServerGate gate;

    private final Sharing sharing;

    private final LingeringCloser closer;

    private final Runnable blockedLoop;

    private final LingerPolicy lingering;

    private final CloseAdvertisement announcement = new CloseAdvertisement();

    private final Connections connections = new Connections();

    private final JvmKeepAlive keepAlive = new JvmKeepAlive();

    /** Event loops that have not come round to the last look at idle connections. */
    private final Set<EventLoop> behind = ConcurrentHashMap.newKeySet();

    /** Those that have not come round to the last announcement, for which nothing else is to be put off. */
    private final Set<EventLoop> behindAnnouncement = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean unwatched = new AtomicBoolean();

    private volatile CountDownLatch binding = new CountDownLatch(0);

    private volatile @Nullable ServerListener listener;

    private volatile @Nullable ChannelGroup group;

    /**
     * Creates the server; the gate is tried out on a thread of its own.
     *
     * @param gate which gate to use for the accept queue
     * @param sharing whom the listener belongs to
     * @param closer limits and counts connections that linger; {@link LingeringCloser#OFF} to close them as Netty does
     * @param blockedLoop called when an abort finds an event loop blocked, which then cannot be stopped in good order
     */
    public NettyDrainableServer(ListenerGate.Mode gate, Sharing sharing, LingeringCloser closer, Runnable blockedLoop) {
        this.gate = new ServerGate(gate, sharing, "Reactor Netty");
        this.sharing = sharing;
        this.closer = closer;
        this.blockedLoop = blockedLoop;
        this.lingering = new LingerPolicy(closer);
    }

    /** Has this take part in a server that is going to start. */
    public HttpServer customize(HttpServer server) {
        return ((this.sharing == Sharing.REUSE_PORT) ? ReusePort.on(server) : server)
                .doOnBind(this::starting)
                .doOnBound(this::started)
                .doOnChannelInit((observer, channel, remote) -> opened(channel));
    }

    private void starting(HttpServerConfig config) {
        this.group = config.channelGroup();
        this.listener = null;
        this.binding = new CountDownLatch(1);
    }

    /** HTTP/3 has no accept queue and connections of another kind: it is left to Reactor Netty. */
    private void started(DisposableServer server) {
        if (server.channel() instanceof ServerChannel channel) {
            started(channel);
        }
        this.binding.countDown();
    }

    private void started(Channel channel) {
        this.announcement.set(0);
        this.lingering.setClosingIdle(false);
        this.gate.forget();
        this.closer.renew();
        ServerListener installed = ServerListener.install(channel, this.connections);
        this.listener = installed;
        if (!installed.address().isUnresolved()) {
            this.gate.listening(installed);
        }
        this.keepAlive.end();
    }

    /** Reactor Netty notifies the caller that starts the server a moment before it calls this. */
    private @Nullable ServerListener listener() {
        if (this.binding.getCount() > 0) {
            EventLoops.await(this.binding, BIND_NANOS);
            this.binding.countDown();
        }
        return this.listener;
    }

    /** A connection that cannot be watched is served all the same, and counts as unfinished until it is closed. */
    private void opened(Channel channel) {
        if (!(channel instanceof DuplexChannel) || !(channel.parent() instanceof ServerChannel)) {
            return;
        }
        try {
            this.connections.opened(OpenConnection.install(channel, this.announcement, this.lingering));
        } catch (RuntimeException ex) {
            if (this.unwatched.compareAndSet(false, true)) {
                logger.warn("A connection of {} cannot be watched; a drain waits for it to its deadline", name(), ex);
            }
        }
    }

    /** Lets the JVM end: it is kept running from the closing of the listener on. */
    public void release() {
        this.keepAlive.end();
    }

    @Override
    public String name() {
        return "Reactor Netty";
    }

    @Override
    public boolean isServing() {
        ServerListener current = listener();
        return current != null && current.isRunning();
    }

    @Override
    public List<ListenerStatus> listeners() {
        ServerListener current = listener();
        return (current != null)
                ? List.of(this.gate.status(current.name(), current.address().getPort(), current.isOpen()))
                : List.of();
    }

    @Override
    public void announce(double closeShare) {
        this.gate.watch(this::openListeners);
        this.announcement.set(closeShare);
        if (closeShare > 0 && hasHttp2()) {
            scan().forEach(this.behindAnnouncement, (connection, state) -> {
                // An event loop may come round to this when the drain was resumed.
                if (this.announcement.isForAny()) {
                    connection.announce();
                }
            });
        }
    }

    private List<ServerListener> openListeners() {
        ServerListener current = listener();
        boolean isGated =
                current != null && current.isOpen() && !current.address().isUnresolved();
        return isGated ? List.of(current) : List.of();
    }

    private boolean hasHttp2() {
        return this.connections.open().stream().anyMatch(OpenConnection::isHttp2);
    }

    private ConnectionScan scan() {
        return new ConnectionScan(this.connections, new Http2Streams(this.group));
    }

    @Override
    public void resume() {
        this.announcement.set(0);
        this.gate.resume();
        if (hasHttp2()) {
            scan().forEach(ConcurrentHashMap.newKeySet(), (connection, state) -> connection.resume());
        }
    }

    @Override
    public AcceptQueueOutcome emptyAcceptQueue(AcceptQueueLimits settings, Duration remaining) {
        return this.gate.empty(
                settings,
                remaining,
                () -> openListeners().forEach(ServerListener::resumeAccepting),
                this.connections::accepted);
    }

    @Override
    public void closeListeners(Duration remaining) {
        long start = System.nanoTime();
        ServerListener current = listener();
        if (current == null || !current.isOpen()) {
            return;
        }
        this.keepAlive.begin();
        current.closeGracefully((remaining.compareTo(CLOSE_BOUND) < 0) ? remaining : CLOSE_BOUND);
        if (current.isOpen()) {
            logger.info(
                    "The event loop of {} is blocked; new clients are refused by the kernel until it closes the listener",
                    current.name());
        } else {
            this.gate.awaitClosed(remaining.minusNanos(System.nanoTime() - start));
        }
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        List<ConnectionSnapshot> snapshots = new ArrayList<>(scan().snapshots(this.behind));
        ServerListener current = listener();
        if (current != null && current.isClosePending()) {
            // What the kernel has completed by now will be accepted first.
            snapshots.add(new ConnectionSnapshot(ConnectionState.ACCEPTED, "?", "?", List.of()));
        }
        return snapshots;
    }

    @Override
    public void closeIdle(IdleLimits limits) {
        this.lingering.setClosingIdle(true);
        ConnectionScan scan = scan();
        scan.forEach(this.behind, new IdleSweep(limits, scan.streams()));
    }

    @Override
    public int lingering() {
        return this.lingering.awaited();
    }

    @Override
    public ServerTotals totals() {
        return new ServerTotals(this.connections.accepted(), this.connections.completed(), lingering());
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        ConnectionScan scan = scan();
        FailureCollector failures = new FailureCollector();
        boolean reached = scan.forEach(ConcurrentHashMap.newKeySet(), failures, (connection, state) -> {
            if (!spare.test(connection.snapshot(state, scan.streams(), false))) {
                connection.abort(state);
            }
        });
        failures.run(this.connections::abortPending);
        failures.run(this.closer::abort);
        if (!reached) {
            failures.run(this.blockedLoop);
        }
        failures.throwFirst();
    }
}
