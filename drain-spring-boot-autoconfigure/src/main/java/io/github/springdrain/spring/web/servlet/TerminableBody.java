// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response that one thread writes and another may end: where the writer flushes, if it does so soon, and
 * never within a write. Thread-safe, for one writer at a time. A writer takes no lock and allocates nothing until a drain
 * has come to the body: it says that it is at work before it looks whether the drain is, and the drain does the same the
 * other way round, so that at least one of them sees the other.
 */
final class TerminableBody {

    /** How long the end waits for the writer to flush what it has begun. */
    private static final long FLUSH_MILLIS = 1000;

    /** How long a writer is kept from learning that the response has ended, until the container knows it too. */
    private static final long GONE_MILLIS = 2000;

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition settled = this.lock.newCondition();

    private final CountDownLatch gone = new CountDownLatch(1);

    private volatile boolean working;

    /** Set for good when a drain comes: from then on whoever works on the body holds the lock. */
    private volatile boolean shared;

    private boolean unflushed;

    private boolean ended;

    private @Nullable Step pendingEnd;

    /**
     * Has to be called before a write, and {@link #endWrite} after it.
     *
     * @throws IOException if the body has ended
     */
    void beginWrite() throws IOException {
        if (!begin()) {
            awaitGone();
            throw new IOException("The server is going away and has ended this response");
        }
        this.unflushed = true;
    }

    void endWrite() {
        this.working = false;
        if (this.shared) {
            letEnd();
        }
    }

    /** Has to be called before a flush, and {@link #endFlush} after it; tells whether there is anything to flush. */
    boolean beginFlush() {
        return begin();
    }

    void endFlush(boolean flushed) throws IOException {
        if (flushed) {
            this.unflushed = false;
        }
        this.working = false;
        if (this.shared) {
            endAfterFlush(flushed);
        }
    }

    private boolean begin() {
        this.working = true;
        return !this.shared || beginShared();
    }

    /** Keeps the lock until the work is done. */
    @SuppressWarnings("LockNotBeforeTry")
    private boolean beginShared() {
        this.working = false;
        this.lock.lock();
        if (!this.ended) {
            return true;
        }
        this.lock.unlock();
        return false;
    }

    private void letEnd() {
        this.lock.lock();
        try {
            this.settled.signalAll();
        } finally {
            unlock();
        }
    }

    private void endAfterFlush(boolean flushed) throws IOException {
        this.lock.lock();
        try {
            if (flushed) {
                endNow();
            }
            this.settled.signalAll();
        } finally {
            unlock();
        }
    }

    /** Also what the writer has held since it began, where the drain had come by then. */
    private void unlock() {
        while (this.lock.isHeldByCurrentThread()) {
            this.lock.unlock();
        }
    }

    /** Runs {@code step}, which sends the head of the response, between two writes. */
    void commit(Step step) throws IOException {
        this.lock.lock();
        try {
            this.shared = true;
            while (this.working) {
                this.settled.await();
            }
            if (!this.ended) {
                step.run();
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } finally {
            this.lock.unlock();
        }
    }

    /** Runs {@code step}, which ends the response, once the writer is at a good place. */
    void end(Step step) throws IOException {
        this.lock.lock();
        try {
            this.pendingEnd = step;
            this.shared = true;
            long left = TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS);
            while (!this.ended && (this.working || (this.unflushed && left > 0))) {
                if (left > 0) {
                    left = this.settled.awaitNanos(left);
                } else {
                    this.settled.await();
                }
            }
            endNow();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        } finally {
            this.lock.unlock();
        }
    }

    private void endNow() throws IOException {
        Step step = this.pendingEnd;
        if (step != null && !this.ended) {
            this.ended = true;
            this.settled.signalAll();
            step.run();
        }
    }

    /** The container has completed the response. */
    void gone() {
        this.gone.countDown();
    }

    private void awaitGone() {
        try {
            if (!this.gone.await(GONE_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** One act on the response. */
    interface Step {

        void run() throws IOException;
    }
}
