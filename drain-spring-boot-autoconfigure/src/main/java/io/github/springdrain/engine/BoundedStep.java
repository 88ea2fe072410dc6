package io.github.springdrain.engine;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A step of the server on a thread of its own, so that one that never returns costs the drain its patience and nothing
 * more. Used by the drain's thread.
 */
final class BoundedStep<T> {

    private final String name;

    private final Callable<T> action;

    private @Nullable FutureTask<T> task;

    private @Nullable Thread thread;

    private volatile boolean succeeded;

    BoundedStep(String name, Callable<T> action) {
        this.name = name;
        this.action = action;
    }

    String name() {
        return this.name;
    }

    /** Whether it is under way or has succeeded. */
    boolean isBegun() {
        FutureTask<T> current = this.task;
        return current != null && (this.succeeded || !current.isDone());
    }

    /** Whether it has succeeded. */
    boolean hasSucceeded() {
        return this.succeeded;
    }

    /**
     * Begins the step, unless it is under way, and waits for what comes of it. A step that has thrown is begun anew by
     * the next call.
     *
     * @throws TimeoutException if it does not return within {@code patience}, with the place where it is held up
     */
    T await(Duration patience) throws Throwable {
        FutureTask<T> current = this.task;
        if (current == null) {
            current = begin();
            this.task = current;
        }
        try {
            return current.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException ex) {
            this.task = null;
            throw (ex.getCause() != null) ? ex.getCause() : ex;
        } catch (TimeoutException ex) {
            throw heldUp(patience);
        }
    }

    private FutureTask<T> begin() {
        FutureTask<T> begun = new FutureTask<>(() -> {
            T result = this.action.call();
            this.succeeded = true;
            return result;
        });
        Thread runner = new Thread(begun, "drain-step " + this.name);
        runner.setDaemon(true);
        this.thread = runner;
        try {
            runner.start();
        } catch (OutOfMemoryError ex) {
            // No more threads: better without a bound than not at all.
            begun.run();
        }
        return begun;
    }

    private TimeoutException heldUp(Duration patience) {
        TimeoutException failure = new TimeoutException("has not returned within " + patience.toMillis() + " ms");
        if (this.thread != null) {
            failure.setStackTrace(this.thread.getStackTrace());
        }
        return failure;
    }
}
