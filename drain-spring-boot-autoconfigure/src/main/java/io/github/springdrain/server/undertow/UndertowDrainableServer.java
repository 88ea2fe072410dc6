package io.github.springdrain.server.undertow;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ListenerStatus;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.ServerTotals;
import io.github.springdrain.server.acceptqueue.ServerGate;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerPolicy;
import io.github.springdrain.server.linger.LingeringCloser;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An embedded Undertow, with all its listeners, through any number of starts and stops. Thread-safe as
 * {@link DrainableServer} asks for.
 */
public final class UndertowDrainableServer implements DrainableServer {

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

    private final ServerGate gate;

    private final LingeringCloser closer;

    private final Lingering lingering;

    private final RequestWatch watch;

    private final ServedRequests served;

    private volatile @Nullable RunningUndertow running;

    private volatile @Nullable Sight sight;

    /**
     * Creates the server; the gate is tried out on a thread of its own.
     *
     * @param gate which gate to use for the accept queue
     * @param closer limits and counts connections that linger; {@link LingeringCloser#OFF} to close them as Undertow does
     */
    public UndertowDrainableServer(ListenerGate.Mode gate, LingeringCloser closer) {
        this.gate = new ServerGate(gate, "Undertow");
        this.closer = closer;
        this.lingering = new Lingering(new LingerPolicy(closer));
        this.watch = new RequestWatch(this.lingering);
        this.served = new ServedRequests(this.watch::begun);
    }

    /**
     * Puts a handler in front of an application's, before the server starts. Only connections that come in before
     * {@link #started} go by it.
     */
    public HttpHandler inFrontOf(HttpHandler application) {
        return this.watch.forEarlyConnections(application);
    }

    /**
     * Does what {@link #inFrontOf} does for one request, where an application is not a handler of Undertow's. To be called
     * before anything of the response is sent.
     */
    public void begin(HttpServerExchange exchange) {
        this.watch.beginEarly(exchange);
    }

    /** Takes on the listeners of a server that has just started, or started again. */
    public void started(Undertow undertow) {
        Internals.probe();
        this.watch.announcement().set(0);
        this.served.drainEnds();
        this.gate.forget();
        this.closer.renew();
        this.running = new RunningUndertow(undertow, this.watch, this.lingering);
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
        return all().stream()
                .map((listener) ->
                        this.gate.status(listener.name(), listener.address().getPort(), listener.isOpen()))
                .toList();
    }

    @Override
    public void announce(double closeShare) {
        this.gate.watch(this::openListeners);
        if (!this.served.isDraining()) {
            long begun = this.served.begun();
            this.served.drainBegins(begun, connections());
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
        this.served.drainEnds();
        this.gate.forget();
        RunningUndertow undertow = this.running;
        if (undertow != null) {
            undertow.resume();
        }
    }

    @Override
    public AcceptQueueOutcome emptyAcceptQueue(AcceptQueueLimits settings, Duration remaining) {
        return this.gate.empty(
                settings,
                remaining,
                () -> all().forEach(ServerListener::liftConnectionLimit),
                () -> totals().accepted());
    }

    private List<ServerListener> openListeners() {
        return all().stream()
                .filter((listener) -> listener.isOpen() && !listener.address().isUnresolved())
                .toList();
    }

    @Override
    public void closeListeners(Duration remaining) {
        long start = System.nanoTime();
        RunningUndertow undertow = this.running;
        if (undertow != null) {
            undertow.closeListeners((remaining.compareTo(CLOSE_BOUND) < 0) ? remaining : CLOSE_BOUND);
        }
        this.gate.awaitClosed(remaining.minusNanos(System.nanoTime() - start));
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        Sight last = this.sight;
        if (last != null && last.isForCaller()) {
            this.sight = null;
            return last.connections();
        }
        RunningUndertow undertow = this.running;
        if (undertow == null || !undertow.isRunning()) {
            return List.of();
        }
        long begun = this.served.begun();
        List<ConnectionSnapshot> seen = undertow.connections();
        this.served.seen(begun, seen);
        return seen;
    }

    @Override
    public void closeIdle(IdleLimits limits) {
        RunningUndertow undertow = this.running;
        if (undertow != null) {
            long begun = this.served.begun();
            List<ConnectionSnapshot> left = undertow.closeIdle(limits);
            this.served.seen(begun, left);
            this.sight = new Sight(left, Thread.currentThread(), System.nanoTime());
        }
    }

    @Override
    public int lingering() {
        return this.closer.awaited();
    }

    @Override
    public ServerTotals totals() {
        if (this.served.isOutdated()) {
            connections();
        }
        RunningUndertow undertow = this.running;
        return new ServerTotals((undertow != null) ? undertow.accepted() : 0, this.served.completed(), lingering());
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        RunningUndertow undertow = this.running;
        if (undertow != null) {
            this.served.aborted(undertow.abort(Objects.requireNonNull(spare)));
        }
        this.closer.abort();
    }

    /** What closing idle connections has seen: the drain need not look again for what it asks right behind that. */
    private record Sight(List<ConnectionSnapshot> connections, Thread thread, long nanoTime) {

        private static final long FRESH_NANOS = Duration.ofMillis(5).toNanos();

        boolean isForCaller() {
            return this.thread == Thread.currentThread() && System.nanoTime() - this.nanoTime < FRESH_NANOS;
        }
    }
}
