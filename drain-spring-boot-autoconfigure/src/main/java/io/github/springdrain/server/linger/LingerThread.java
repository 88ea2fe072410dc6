// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that all lingering connections share, with one selector and one buffer. It is started when a connection
 * comes and there is none, and ends when it has been idle for a while. Thread-safe: one lock decides whether a connection
 * still reaches a loop or the loop may end, so none is added to a loop that does not run.
 */
final class LingerThread {

    private static final String NAME = "drain-linger";

    private static final int BUFFER_BYTES = 64 * 1024;

    /** 1 MiB at a time, so that a peer that sends faster than it is read from cannot keep the others waiting. */
    private static final int READS_PER_TURN = 16;

    /** The least time between two searches for connections that have reached a limit of time. */
    private static final long SWEEP_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final LingerLimits limits;

    private final LongSupplier nanoTime;

    private final long keepAlive;

    private final Object lock = new Object();

    private @Nullable Loop loop;

    private @Nullable Thread thread;

    private boolean aborted;

    LingerThread(LingerLimits limits, LongSupplier nanoTime, long keepAlive) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.keepAlive = keepAlive;
    }

    /** Gives the connection to the loop, or says how it ends instead. */
    @Nullable LingerOutcome handOver(LingeringConnection connection) {
        synchronized (this.lock) {
            if (this.aborted) {
                return LingerOutcome.ABORTED;
            }
            Loop running = (this.loop != null) ? this.loop : start();
            return (running != null) ? running.add(connection) : LingerOutcome.OVER_CAPACITY;
        }
    }

    private @Nullable Loop start() {
        Loop fresh = null;
        try {
            fresh = new Loop();
            this.thread = start(fresh);
            this.loop = fresh;
            return fresh;
        } catch (IOException | OutOfMemoryError ex) {
            // No file descriptor for a selector is left, or the system refuses a thread: neither may reach the caller.
            if (fresh != null) {
                fresh.release();
            }
            return null;
        }
    }

    private static Thread start(Loop loop) {
        // Whichever thread closes first starts it; nothing of that one's context may stay reachable from here.
        Thread thread = new Thread(null, loop, NAME, 0, false);
        thread.setContextClassLoader(LingerThread.class.getClassLoader());
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Lets the loop end, unless a connection was added to it meanwhile. */
    boolean retire(Loop idle) {
        synchronized (this.lock) {
            if (!idle.isEmpty()) {
                return false;
            }
            detach(idle);
            return true;
        }
    }

    /** Sees to it that nothing is added to the loop any more. */
    void detach(Loop ending) {
        synchronized (this.lock) {
            if (this.loop == ending) {
                this.loop = null;
            }
        }
    }

    /** Closes all connections; later ones are not taken over. */
    void abort() {
        Loop running;
        synchronized (this.lock) {
            this.aborted = true;
            running = this.loop;
        }
        if (running != null) {
            running.abort();
        }
    }

    void renew() {
        synchronized (this.lock) {
            if (this.aborted) {
                // An aborted loop is on its way out; any other goes on, and must be reached by the next abort.
                this.loop = null;
            }
            this.aborted = false;
        }
    }

    /** Waits for the end of the thread; at most {@code nanos} nanoseconds. */
    void join(long nanos) {
        Thread last;
        synchronized (this.lock) {
            last = this.thread;
        }
        try {
            if (last != null) {
                TimeUnit.NANOSECONDS.timedJoin(last, nanos);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** The thread's work: lives until there has been no connection for a while; a new loop follows when there is work again. */
    private final class Loop implements Runnable {

        private final long shortestLimit;

        private final Selector selector;

        private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

        private final Set<LingeringConnection> connections = ConcurrentHashMap.newKeySet();

        private volatile boolean closing;

        private long busyAt;

        private long sweepAt;

        Loop() throws IOException {
            this.shortestLimit = Math.min(
                    LingerThread.this.limits.idleTimeout().toNanos(),
                    LingerThread.this.limits.timeout().toNanos());
            this.selector = Selector.open();
            this.busyAt = LingerThread.this.nanoTime.getAsLong();
            this.sweepAt = this.busyAt;
        }

        /** Takes a connection over, from any thread, or says how it ends instead; must not be called once the loop ends. */
        @Nullable LingerOutcome add(LingeringConnection connection) {
            this.connections.add(connection);
            LingerOutcome outcome = connection.register(this.selector);
            if (outcome != null) {
                this.connections.remove(connection);
            } else {
                this.selector.wakeup();
            }
            return outcome;
        }

        /** Closes the connection and forgets it, from any thread. */
        void end(LingeringConnection connection, LingerOutcome outcome) {
            this.connections.remove(connection);
            connection.end(outcome);
        }

        /** Closes all connections, from any thread; none may be added any more. */
        void abort() {
            this.closing = true;
            this.connections.forEach((connection) -> end(connection, LingerOutcome.ABORTED));
            // Closed, but registered: the file descriptors are released by the next select.
            this.selector.wakeup();
        }

        boolean isEmpty() {
            return this.connections.isEmpty();
        }

        @Override
        public void run() {
            try {
                boolean over = false;
                while (!over) {
                    turn();
                    over = isIdle() && retire(this);
                }
            } catch (IOException ex) {
                throw new UncheckedIOException("The selector failed; what lingered is closed at once", ex);
            } finally {
                release();
            }
        }

        private void turn() throws IOException {
            // An interrupt can only come from a stranger, and would make every select return at once.
            Thread.interrupted();
            // Its first step deregisters what was closed since the last one, and only then does the JDK call close(2).
            this.selector.select(this::proceed, millisToWait());
            long now = LingerThread.this.nanoTime.getAsLong();
            if (isEmpty()) {
                return;
            }
            this.busyAt = now;
            if (now - this.sweepAt >= 0) {
                sweep(now);
            }
        }

        private long millisToWait() {
            long until = isEmpty() ? this.busyAt + LingerThread.this.keepAlive : this.sweepAt;
            long millis = TimeUnit.NANOSECONDS.toMillis(until - LingerThread.this.nanoTime.getAsLong());
            return Math.max(0, millis) + 1;
        }

        private void proceed(SelectionKey key) {
            LingeringConnection connection = (LingeringConnection) key.attachment();
            LingerOutcome outcome =
                    connection.proceed(this.buffer, READS_PER_TURN, LingerThread.this.nanoTime.getAsLong());
            if (outcome != null) {
                end(connection, outcome);
                return;
            }
            try {
                key.interestOps(connection.interestOps());
            } catch (CancelledKeyException ex) {
                // Closed by another thread meanwhile; whoever did that, or the next sweep, counts it.
            }
        }

        private void sweep(long now) {
            // What is added from now on reaches none of its limits before the shortest of them is over.
            long next = this.shortestLimit;
            for (LingeringConnection connection : this.connections) {
                LingerOutcome outcome = connection.expired(now);
                if (outcome != null) {
                    end(connection, outcome);
                } else {
                    next = Math.min(next, connection.nanosLeft(now));
                }
            }
            this.sweepAt = now + Math.max(next, SWEEP_PAUSE_NANOS);
        }

        private boolean isIdle() {
            return isEmpty()
                    && (this.closing
                            || LingerThread.this.nanoTime.getAsLong() - this.busyAt >= LingerThread.this.keepAlive);
        }

        /** Leaves nothing open, also when the thread dies of something that was not foreseen. */
        void release() {
            detach(this);
            abort();
            try {
                this.selector.close();
            } catch (IOException ex) {
                // Nothing is registered any more that it could still be needed for.
            }
        }
    }
}
