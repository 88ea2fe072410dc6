package io.github.springdrain.undertow;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainSettings;
import io.github.springdrain.StateClock;
import io.undertow.Undertow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
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

    private final StateClock unknownClock = new StateClock();

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
        forEachHttp2(Http2Connection::tell);
    }

    void resume() {
        forEachHttp2(Http2Connection::takeBack);
    }

    private void forEachHttp2(Consumer<Http2Connection> act) {
        scan().forEach((connection, state) -> {
            if (connection instanceof Http2Connection http2) {
                act.accept(http2);
            }
        });
    }

    List<ConnectionSnapshot> connections() {
        ConnectionScan scan = scan();
        List<ConnectionSnapshot> snapshots = new ArrayList<>(scan.snapshots());
        snapshots.addAll(unknown(open() - scan.known()));
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

    void closeIdle(DrainSettings.Connections limits) {
        this.unknownLimitNanos = limits.stallTimeout().toNanos();
        this.sweep.run(scan(), limits);
    }

    void abort(Predicate<ConnectionSnapshot> spare) {
        scan().forEach((connection, state) -> {
            if (!spare.test(connection.snapshot(state))) {
                connection.abort(state);
            }
        });
    }

    private ConnectionScan scan() {
        return new ConnectionScan(this.listeners, this.lingering);
    }
}
