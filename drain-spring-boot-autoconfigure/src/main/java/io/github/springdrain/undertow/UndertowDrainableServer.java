package io.github.springdrain.undertow;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainSettings;
import io.github.springdrain.DrainableServer;
import io.github.springdrain.ListenerStatus;
import io.github.springdrain.ServerTotals;
import io.github.springdrain.kernel.AcceptQueues;
import io.github.springdrain.kernel.GateOutcome;
import io.github.springdrain.kernel.ListenerGate;
import io.github.springdrain.kernel.PendingGate;
import io.github.springdrain.linger.LingerPolicy;
import io.github.springdrain.linger.LingeringCloser;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedded Undertow, with all its listeners, through any number of starts and stops. Thread-safe as
 * {@link DrainableServer} asks for.
 */
public final class UndertowDrainableServer implements DrainableServer {

    private static final Logger logger = LoggerFactory.getLogger(UndertowDrainableServer.class);

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

    private final PendingGate gate;

    private final @Nullable LingeringCloser closer;

    private final Lingering lingering;

    private final RequestWatch watch;

    private final DrainHandler.Factory handlers;

    private volatile @Nullable RunningUndertow running;

    /** Watched from the announcement on, since SYN cookies show only as a difference. */
    private volatile @Nullable AcceptQueues queues;

    /**
     * Creates the server; the gate is tried out on a thread of its own.
     *
     * @param gate which gate to use for the accept queue
     * @param closer limits and counts connections that linger; {@code null} to close them as Undertow does
     */
    public UndertowDrainableServer(ListenerGate.Mode gate, @Nullable LingeringCloser closer) {
        this.gate = PendingGate.probe(
                gate,
                (found) -> logger.info(
                        "Accept queue of Undertow: {} {} ({})",
                        found.level(),
                        found.level().description(),
                        found.reason()));
        this.closer = closer;
        this.lingering = new Lingering(new LingerPolicy(closer));
        this.watch = new RequestWatch(this.lingering);
        this.handlers = new DrainHandler.Factory(this.watch);
    }

    /**
     * Puts a handler in front of an application's, before the server starts. Only connections that come in before
     * {@link #started} go by it.
     */
    public HttpHandler inFrontOf(HttpHandler application) {
        return this.handlers.forEarlyConnections(application);
    }

    /** Takes on the listeners of a server that has just started, or started again. */
    public void started(Undertow undertow) {
        Access.probe();
        this.watch.announcement().set(0);
        this.queues = null;
        this.running = new RunningUndertow(undertow, this.handlers, this.lingering);
    }

    @Override
    public String name() {
        return "Undertow";
    }

    @Override
    public boolean isServing() {
        RunningUndertow undertow = this.running;
        return undertow != null && undertow.isRunning();
    }

    private List<ServerListener> all() {
        RunningUndertow undertow = this.running;
        return (undertow != null) ? undertow.listeners() : List.of();
    }

    @Override
    public List<ListenerStatus> listeners() {
        ListenerGate found = this.gate.get();
        String level = found.level() + " " + found.level().description();
        return all().stream()
                .map((listener) -> new ListenerStatus(
                        listener.name(), listener.address().getPort(), listener.isOpen(), level, found.reason()))
                .toList();
    }

    @Override
    public void announce(double closeShare) {
        if (this.queues == null) {
            this.queues = this.gate
                    .get()
                    .prepare(all().stream()
                            .filter((listener) ->
                                    listener.isOpen() && !listener.address().isUnresolved())
                            .toList());
        }
        this.watch.announcement().set(closeShare);
        RunningUndertow undertow = this.running;
        if (closeShare > 0 && undertow != null) {
            undertow.announce();
        }
    }

    @Override
    public void resume() {
        this.watch.announcement().set(0);
        this.queues = null;
    }

    @Override
    public AcceptQueueOutcome emptyAcceptQueue(DrainSettings.AcceptQueue settings, Duration remaining) {
        AcceptQueues held = this.queues;
        if (held == null) {
            return AcceptQueueOutcome.NOTHING;
        }
        long before = totals().accepted();
        all().forEach(ServerListener::liftConnectionLimit);
        Duration bound = (settings.timeout().compareTo(remaining) < 0) ? settings.timeout() : remaining;
        GateOutcome outcome = held.empty(bound, settings.quietPeriod());
        return new AcceptQueueOutcome(
                outcome.level() + " " + outcome.level().description(),
                totals().accepted() - before,
                outcome.abandonedHandshakes(),
                outcome.notAccepted(),
                outcome.complete());
    }

    @Override
    public void closeListeners() {
        all().forEach((listener) -> listener.closeGracefully(CLOSE_BOUND.toMillis()));
        AcceptQueues held = this.queues;
        if (held != null) {
            held.awaitClosed(CLOSE_BOUND);
        }
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        RunningUndertow undertow = this.running;
        return (undertow != null && undertow.isRunning()) ? undertow.connections() : List.of();
    }

    @Override
    public void closeIdle(DrainSettings.Connections limits) {
        RunningUndertow undertow = this.running;
        if (undertow != null) {
            undertow.closeIdle(limits);
        }
    }

    @Override
    public ServerTotals totals() {
        RunningUndertow undertow = this.running;
        long inService = connections().stream()
                .filter(UndertowDrainableServer::isInService)
                .mapToLong((connection) -> connection.requests().size())
                .sum();
        return new ServerTotals(
                (undertow != null) ? undertow.accepted() : 0,
                Math.max(0, this.watch.begun() - inService),
                (this.closer != null) ? this.closer.awaited() : 0);
    }

    private static boolean isInService(ConnectionSnapshot connection) {
        return connection.state() == ConnectionState.IN_SERVICE || connection.state() == ConnectionState.RESPONDING;
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        RunningUndertow undertow = this.running;
        if (undertow != null) {
            undertow.abort(Objects.requireNonNull(spare));
        }
        if (this.closer != null) {
            this.closer.abort();
        }
    }
}
