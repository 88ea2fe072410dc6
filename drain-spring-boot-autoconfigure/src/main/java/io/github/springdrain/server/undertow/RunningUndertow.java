// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.server.FailureCollector;
import io.github.springdrain.server.IdleLimits;
import io.undertow.Undertow;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.management.XnioServerMXBean;

/** One Undertow from its start to its stop; the next start has other listeners and other threads. */
final class RunningUndertow {

    private static final long TURN_MILLIS = 250;

    private final Undertow undertow;

    private final IoThreads threads;

    private final List<ServerListener> listeners;

    private final List<XnioServerMXBean> beans;

    private final Lingering lingering;

    private final IdleSweep sweep = new IdleSweep();

    private final ConnectionProgress unknownClock = new ConnectionProgress();

    private volatile boolean closingIdle;

    private volatile long unknownLimitNanos = Long.MAX_VALUE;

    RunningUndertow(Undertow undertow, RequestWatch watch, Lingering lingering) {
        this.undertow = undertow;
        XnioWorker worker = ReusePortWorker.behind(undertow.getWorker());
        this.threads = new IoThreads(worker);
        this.lingering = lingering;
        this.listeners = undertow.getListenerInfo().stream()
                .map((info) -> new ServerListener(info, this.threads))
                .toList();
        this.listeners.forEach((listener) -> listener.install(watch));
        // They leave the worker's set when their listener is closed, and still respond.
        this.beans = List.copyOf(worker.getMXBean().getServerMXBeans());
    }

    /** A worker that Undertow was given outlives it. */
    boolean isRunning() {
        return this.threads.isRunning() && this.undertow.getXnio() != null;
    }

    List<ServerListener> listeners() {
        return this.listeners;
    }

    long accepted() {
        return this.listeners.stream().mapToLong(ServerListener::accepted).sum();
    }

    /** Notifies HTTP/2 clients, once each. */
    void announce() {
        // Once idle connections are being closed, they are notified along with that.
        if (!this.closingIdle) {
            scan().forEachHttp2(Http2Connection::notifyClient);
        }
    }

    void resume() {
        scan().forEachHttp2(Http2Connection::resume);
    }

    List<ConnectionSnapshot> connections() {
        return withUnknown(scan().snapshots((connection, state) -> {}));
    }

    private List<ConnectionSnapshot> withUnknown(List<ConnectionSnapshot> snapshots) {
        OptionalInt open = open();
        snapshots.addAll(unknown(open.isPresent() ? open.getAsInt() - scan().known() : 1));
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

    /**
     * XNIO's own count, which it keeps on the accept thread; it would wait for that without a bound. While the thread does
     * not get there, nobody knows: it may have connections in its hand, and has not closed the listeners.
     */
    private OptionalInt open() {
        XnioIoThread thread = this.threads.acceptThread();
        CountDownLatch turn = new CountDownLatch(1);
        if (thread == null || !isRunning() || !IoThreads.execute(thread, turn::countDown)) {
            return OptionalInt.of(0);
        }
        return IoThreads.await(turn, TURN_MILLIS)
                ? OptionalInt.of(this.beans.stream()
                        .mapToInt(XnioServerMXBean::getConnectionCount)
                        .sum())
                : OptionalInt.empty();
    }

    /** Closes what is idle for long enough, and returns what is left then. */
    List<ConnectionSnapshot> closeIdle(IdleLimits limits) {
        this.closingIdle = true;
        this.unknownLimitNanos = limits.stallTimeout().toNanos();
        return withUnknown(this.sweep.run(scan(), limits));
    }

    /** Ends every connection that is left, and tells how many requests that has aborted. */
    void abort(Predicate<ConnectionSnapshot> spare, IntConsumer aborted) {
        AtomicInteger requests = new AtomicInteger();
        try {
            scan().forEach((connection, state) -> {
                ConnectionSnapshot snapshot = connection.snapshot(state);
                if (!spare.test(snapshot)) {
                    requests.addAndGet(snapshot.requests().size());
                    connection.abort(state);
                }
            });
        } finally {
            aborted.accept(requests.get());
        }
    }

    /** Accepts for the last time and closes right behind that, all listeners at once; hurries towards the bound. */
    void closeListeners(Duration bound) {
        List<ServerListener> open =
                this.listeners.stream().filter(ServerListener::isOpen).toList();
        if (!open.isEmpty()) {
            closeListeners(open, bound);
        }
    }

    /**
     * Has each listener accept for the last time and close right behind that, on the one thread that accepts for all. When
     * the bound is over, they are about to.
     */
    private void closeListeners(List<ServerListener> open, Duration bound) {
        XnioIoThread thread = this.threads.acceptThread();
        CountDownLatch closed = new CountDownLatch(open.size());
        if (thread == null) {
            FailureCollector.forEach(open, ServerListener::close);
            return;
        }
        long deadline = System.nanoTime() + bound.toNanos();
        // Some of the time is for the closing itself.
        awaitHandedOn(open, thread, deadline - bound.toNanos() / 4);
        Runnable closing = () -> FailureCollector.forEach(open, (listener) -> closeLast(listener, thread, closed));
        if (IoThreads.execute(thread, closing)) {
            IoThreads.await(closed, millisUntil(deadline));
        } else {
            FailureCollector.forEach(open, ServerListener::close);
        }
    }

    /** A surplus accept finds the queues of the other threads empty and the listener closed, which XNIO logs as error. */
    private void awaitHandedOn(List<ServerListener> open, XnioIoThread thread, long deadline) {
        CountDownLatch accepted = new CountDownLatch(1);
        boolean queued = IoThreads.execute(thread, () -> {
            open.forEach(ServerListener::accept);
            thread.execute(accepted::countDown);
        });
        if (queued
                && IoThreads.await(accepted, millisUntil(deadline))
                && this.threads.awaitTurn(millisUntil(deadline))) {
            this.threads.awaitTurn(millisUntil(deadline));
        }
    }

    private static void closeLast(ServerListener listener, XnioIoThread thread, CountDownLatch closed) {
        listener.accept();
        // Behind the accepts just queued, with no turn of the selector in between.
        thread.execute(() -> {
            listener.close();
            closed.countDown();
        });
    }

    private static long millisUntil(long deadline) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }

    private ConnectionScan scan() {
        return new ConnectionScan(this.listeners, this.lingering);
    }
}
