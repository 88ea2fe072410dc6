package io.github.springdrain.server.linger;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of the thread that runs the {@link LingerLoop}: started when a connection comes and there is none, ended when
 * it has been idle for a while. Thread-safe: one lock decides whether a connection still reaches a loop or the loop may
 * end, so none is added to a loop that nobody runs.
 */
final class LingerThread {

    private static final String NAME = "drain-linger";

    private final LingerLimits limits;

    private final LongSupplier nanoTime;

    private final long keepAlive;

    private final Object lock = new Object();

    private @Nullable LingerLoop loop;

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
            LingerLoop running = (this.loop != null) ? this.loop : start();
            return (running != null) ? running.add(connection) : LingerOutcome.OVER_CAPACITY;
        }
    }

    private @Nullable LingerLoop start() {
        LingerLoop fresh = null;
        try {
            fresh = new LingerLoop(this, this.limits, this.nanoTime, this.keepAlive);
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

    private static Thread start(LingerLoop loop) {
        // Whichever thread closes first starts it; nothing of that one's context may stay reachable from here.
        Thread thread = new Thread(null, loop, NAME, 0, false);
        thread.setContextClassLoader(LingerThread.class.getClassLoader());
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Lets the loop end, unless a connection was added to it meanwhile. */
    boolean retire(LingerLoop idle) {
        synchronized (this.lock) {
            if (!idle.isEmpty()) {
                return false;
            }
            detach(idle);
            return true;
        }
    }

    /** Sees to it that nothing is added to the loop any more. */
    void detach(LingerLoop ending) {
        synchronized (this.lock) {
            if (this.loop == ending) {
                this.loop = null;
            }
        }
    }

    /** Closes all connections; later ones are not taken over. */
    void abort() {
        LingerLoop running;
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
}
