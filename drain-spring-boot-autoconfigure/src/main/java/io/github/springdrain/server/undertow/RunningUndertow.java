package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.server.IdleLimits;
import io.undertow.Undertow;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.management.XnioServerMXBean;

/** One Undertow from its start to its stop; the next start has other listeners and other threads. */
final class RunningUndertow {

    private static final long TURN_MILLIS = 250;

    private final IoThreads threads;

    private final List<ServerListener> listeners;

    private final List<XnioServerMXBean> beans;

    private final Lingering lingering;

    private final IdleSweep sweep = new IdleSweep();

    private final ConnectionProgress unknownClock = new ConnectionProgress();

    private volatile boolean closingIdle;

    private volatile long unknownLimitNanos = Long.MAX_VALUE;

    RunningUndertow(Undertow undertow, DrainHandler.Factory handlers, Lingering lingering) {
        XnioWorker worker = undertow.getWorker();
        this.threads = new IoThreads(worker);
        this.lingering = lingering;
        this.listeners = undertow.getListenerInfo().stream()
                .map((info) -> new ServerListener(info, this.threads))
                .toList();
        this.listeners.forEach((listener) -> listener.install(handlers));
        // They leave the worker's set when their listener is closed, and go on answering.
        this.beans = List.copyOf(worker.getMXBean().getServerMXBeans());
    }

    boolean isRunning() {
        return this.threads.isRunning();
    }

    List<ServerListener> listeners() {
        return this.listeners;
    }

    long accepted() {
        return this.listeners.stream().mapToLong(ServerListener::accepted).sum();
    }

    /** Tells HTTP/2 peers, once each. */
    void announce() {
        // Once idle connections are being closed, they are told along with that.
        if (!this.closingIdle) {
            scan().forEachHttp2(Http2Connection::tell);
        }
    }

    void resume() {
        scan().forEachHttp2(Http2Connection::takeBack);
    }

    List<ConnectionSnapshot> connections() {
        return withUnknown(scan().snapshots((connection, state) -> {}));
    }

    private List<ConnectionSnapshot> withUnknown(List<ConnectionSnapshot> snapshots) {
        snapshots.addAll(unknown(open() - scan().known()));
        return snapshots;
    }

    /** Connections that no listener has yet: in XNIO's hand, or negotiating their protocol within the TLS handshake. */
    private List<ConnectionSnapshot> unknown(int count) {
        synchronized (this.unknownClock) {
            long unchanged =
                    this.unknownClock.unchangedFor(ConnectionState.HANDSHAKE, Math.max(0, count), System.nanoTime());
            if (count <= 0 || unchanged >= this.unknownLimitNanos) {
                return List.of();
            }
        }
        return Collections.nCopies(count, new ConnectionSnapshot(ConnectionState.HANDSHAKE, "?", "?", List.of()));
    }

    /** XNIO's own count, which it keeps on the accept thread; it would wait for that without a bound. */
    private int open() {
        XnioIoThread thread = this.threads.acceptThread();
        CountDownLatch turn = new CountDownLatch(1);
        if (thread == null
                || !isRunning()
                || !IoThreads.execute(thread, turn::countDown)
                || !IoThreads.await(turn, TURN_MILLIS)) {
            return 0;
        }
        return this.beans.stream()
                .mapToInt(XnioServerMXBean::getConnectionCount)
                .sum();
    }

    /** Closes what is idle for long enough, and tells what is left then. */
    List<ConnectionSnapshot> closeIdle(IdleLimits limits) {
        this.closingIdle = true;
        this.unknownLimitNanos = limits.stallTimeout().toNanos();
        return withUnknown(this.sweep.run(scan(), limits));
    }

    /** Ends every connection that is left, and tells how many requests that has cut. */
    int abort(Predicate<ConnectionSnapshot> spare) {
        AtomicInteger requests = new AtomicInteger();
        scan().forEach((connection, state) -> {
            ConnectionSnapshot snapshot = connection.snapshot(state);
            if (!spare.test(snapshot)) {
                requests.addAndGet(snapshot.requests().size());
                connection.abort(state);
            }
        });
        return requests.get();
    }

    /** Accepts for the last time and closes right behind that, all listeners at once; hurries towards the bound. */
    void closeListeners(Duration bound) {
        List<ServerListener> open =
                this.listeners.stream().filter(ServerListener::isOpen).toList();
        if (!open.isEmpty()) {
            new ListenerClose(this.threads, open).run(bound);
        }
    }

    private ConnectionScan scan() {
        return new ConnectionScan(this.listeners, this.lingering);
    }
}
