// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ListenerStatus;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.FailureCollector;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.InvalidSettingException;
import io.github.springdrain.server.ServerTotals;
import io.github.springdrain.server.acceptqueue.ServerGate;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerPolicy;
import io.github.springdrain.server.linger.LingeringCloser;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioWorker;

/**
 * An embedded Undertow, with all its listeners, through any number of starts and stops. Thread-safe as
 * {@link DrainableServer} asks for.
 */
public final class UndertowDrainableServer implements DrainableServer {

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

    /** A worker ends with its connections, or after this. */
    private static final long WORKER_MILLIS = 5000;

    private final ServerGate gate;

    private final Sharing sharing;

    private final List<XnioWorker> workers = new CopyOnWriteArrayList<>();

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
     * @param sharing whom the listeners belong to
     * @param closer limits and counts connections that linger; {@link LingeringCloser#OFF} to close them as Undertow does
     */
    public UndertowDrainableServer(ListenerGate.Mode gate, Sharing sharing, LingeringCloser closer) {
        this.gate = new ServerGate(gate, sharing, "Undertow");
        this.sharing = sharing;
        this.closer = closer;
        this.lingering = new Lingering(new LingerPolicy(closer));
        this.watch = new RequestWatch(this.lingering);
        this.served = new ServedRequests(this.watch::begun);
    }

    /**
     * Has the server that is going to be built open its listeners so that other processes may share them, if they may.
     * To be called last, as the worker's settings are taken from the builder.
     *
     * @throws InvalidSettingException if this Undertow has no way to do that
     */
    public void customize(Undertow.Builder builder) {
        if (this.sharing == Sharing.REUSE_PORT) {
            XnioWorker worker = Internals.worker(builder);
            this.workers.add(worker);
            builder.setWorker(new ReusePortWorker(worker));
        }
    }

    /** Ends the workers that were made here: Undertow ends none that it was given. */
    public void release() {
        this.workers.forEach(XnioWorker::shutdown);
        for (XnioWorker worker : this.workers) {
            try {
                if (!worker.awaitTermination(WORKER_MILLIS, TimeUnit.MILLISECONDS)) {
                    worker.shutdownNow();
                }
            } catch (InterruptedException ex) {
                worker.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
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

    /** Runs what serves a request of such an application, on the thread that does. Costs each request one small object. */
    public void serve(HttpServerExchange exchange, Runnable service) {
        ServingThread.serve(exchange, service);
    }

    /** Takes on the listeners of a server that has just started, or started again. */
    public void started(Undertow undertow) {
        Internals.probe();
        this.watch.announcement().set(0);
        this.served.drainEnds();
        this.gate.forget();
        this.closer.renew();
        this.running = new RunningUndertow(undertow, this.watch, this.lingering);
        openListeners().forEach(this.gate::listening);
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
        this.gate.resume();
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
        FailureCollector failures = new FailureCollector();
        if (undertow != null) {
            failures.run(() -> undertow.abort(spare, this.served::aborted));
        }
        failures.run(this.closer::abort);
        failures.throwFirst();
    }

    /** What closing idle connections has seen: the drain need not look again for what it asks right behind that. */
    private record Sight(List<ConnectionSnapshot> connections, Thread thread, long nanoTime) {

        private static final long FRESH_NANOS = Duration.ofMillis(5).toNanos();

        boolean isForCaller() {
            return this.thread == Thread.currentThread() && System.nanoTime() - this.nanoTime < FRESH_NANOS;
        }
    }
}
