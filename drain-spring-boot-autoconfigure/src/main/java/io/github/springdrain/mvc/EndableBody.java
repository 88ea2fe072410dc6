package io.github.springdrain.mvc;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response that one thread writes and another may end: where the writer flushes, if it does so soon, and
 * never within a write. Thread-safe.
 */
final class EndableBody {

    /** How long the end waits for the writer to flush what it has begun. */
    private static final long FLUSH_MILLIS = 1000;

    /** How long a writer is kept from learning that the response has ended, until the container knows it too. */
    private static final long GONE_MILLIS = 2000;

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition settled = this.lock.newCondition();

    private final CountDownLatch gone = new CountDownLatch(1);

    private boolean unflushed;

    private boolean ended;

    private @Nullable Step pendingEnd;

    void write(Step step) throws IOException {
        this.lock.lock();
        try {
            if (!this.ended) {
                this.unflushed = true;
                step.run();
                return;
            }
        } finally {
            this.lock.unlock();
        }
        awaitGone();
        throw new IOException("The server is going away and has ended this response");
    }

    void flush(Step step) throws IOException {
        this.lock.lock();
        try {
            if (this.ended) {
                return;
            }
            step.run();
            this.unflushed = false;
            endNow();
        } finally {
            this.lock.unlock();
        }
    }

    /** Runs {@code step}, which ends the response, once the writer is at a good place. */
    void end(Step step) throws IOException {
        this.lock.lock();
        try {
            this.pendingEnd = step;
            long left = TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS);
            while (this.unflushed && !this.ended && left > 0) {
                left = this.settled.awaitNanos(left);
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
