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
 * What the one thread does that all lingering connections share, with one selector and one buffer. Lives from the first
 * connection until there has been none for a while; a new loop follows when there is work again.
 */
final class LingerLoop implements Runnable {

    private static final int BUFFER_BYTES = 64 * 1024;

    /** 1 MiB at a time, so that a peer that sends faster than it is read from cannot keep the others waiting. */
    private static final int READS_PER_TURN = 16;

    /** The least time between two searches for connections that have reached a limit of time. */
    private static final long SWEEP_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final LingerThread thread;

    private final LongSupplier nanoTime;

    private final long keepAlive;

    private final long shortestLimit;

    private final Selector selector;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private final Set<LingeringConnection> connections = ConcurrentHashMap.newKeySet();

    private volatile boolean aborted;

    private long busyAt;

    private long sweepAt;

    LingerLoop(LingerThread thread, LingerLimits limits, LongSupplier nanoTime, long keepAlive) throws IOException {
        this.thread = thread;
        this.nanoTime = nanoTime;
        this.keepAlive = keepAlive;
        this.shortestLimit =
                Math.min(limits.idleTimeout().toNanos(), limits.timeout().toNanos());
        this.selector = Selector.open();
        this.busyAt = nanoTime.getAsLong();
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
        this.aborted = true;
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
                over = isIdle() && this.thread.retire(this);
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
        long now = this.nanoTime.getAsLong();
        if (isEmpty()) {
            return;
        }
        this.busyAt = now;
        if (now - this.sweepAt >= 0) {
            sweep(now);
        }
    }

    private long millisToWait() {
        long until = isEmpty() ? this.busyAt + this.keepAlive : this.sweepAt;
        long millis = TimeUnit.NANOSECONDS.toMillis(until - this.nanoTime.getAsLong());
        return Math.max(0, millis) + 1;
    }

    private void proceed(SelectionKey key) {
        LingeringConnection connection = (LingeringConnection) key.attachment();
        LingerOutcome outcome = connection.proceed(this.buffer, READS_PER_TURN, this.nanoTime.getAsLong());
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
        this.sweepAt = now + Math.max(next, SWEEP_PAUSE);
    }

    private boolean isIdle() {
        return isEmpty() && (this.aborted || this.nanoTime.getAsLong() - this.busyAt >= this.keepAlive);
    }

    /** Leaves nothing open, also when the thread dies of something that was not foreseen. */
    void release() {
        this.thread.detach(this);
        abort();
        try {
            this.selector.close();
        } catch (IOException ex) {
            // Nothing is registered any more that it could still be needed for.
        }
    }
}
