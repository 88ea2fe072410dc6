// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Guarded steps that run code which the drain does not control, on a thread of their own: one that never returns costs
 * the drain its bound once and nothing more. The thread is named after the step; a new one takes the place of one that
 * is held up. Used by the drain's thread.
 */
final class BoundedSteps implements AutoCloseable {

    private final DrainFailures failures;

    private final @Nullable StartedDrain started;

    /** By what was called, the step under way. */
    private final IdentityHashMap<Object, FutureTask<?>> open = new IdentityHashMap<>();

    private @Nullable ThreadPoolExecutor worker;

    private volatile @Nullable Thread thread;

    private BoundedSteps(DrainFailures failures, @Nullable StartedDrain started) {
        this.failures = failures;
        this.started = started;
    }

    /** Creates the steps of a drain, which takes no notice of interrupts: requests must not pay for them. */
    static BoundedSteps of(StartedDrain started) {
        return new BoundedSteps(started.failures(), started);
    }

    /** Creates steps that belong to no drain. */
    static BoundedSteps noting(DrainFailures failures) {
        return new BoundedSteps(failures, null);
    }

    /** Takes a step of the server and returns whether it succeeded in time. */
    boolean run(String step, Duration bound, GuardedSteps.Action action) {
        return run(step.intern(), step, bound, action);
    }

    /**
     * Takes a step that calls {@code callee}, and returns whether it succeeded in time. A callee that has not returned
     * from the last step is not called again before it does.
     */
    boolean run(Object callee, String step, Duration bound, GuardedSteps.Action action) {
        return get(callee, step, bound, () -> {
                    action.run();
                    return true;
                })
                .isPresent();
    }

    /** Takes a step of the server that finds something out; empty where it failed or has not returned in time. */
    <T> Optional<T> get(String step, Duration bound, GuardedSteps.Query<T> query) {
        return get(step.intern(), step, bound, query);
    }

    private <T> Optional<T> get(Object callee, String step, Duration bound, GuardedSteps.Query<T> query) {
        FutureTask<?> last = this.open.get(callee);
        if (last != null && !last.isDone()) {
            return Optional.empty();
        }
        FutureTask<T> task = new FutureTask<>(() -> {
            try {
                return Objects.requireNonNull(query.run());
            } finally {
                ignoreInterrupt(step);
            }
        });
        this.open.put(callee, task);
        begin(step, task);
        return await(step, bound, task);
    }

    /** An interrupt would end the next wait on this thread at once, and with it what the wait was for. */
    private void ignoreInterrupt(String step) {
        if (Thread.interrupted()) {
            this.failures.add(step, "has interrupted the drain, which takes no notice");
        }
    }

    private void begin(String step, FutureTask<?> task) {
        try {
            ThreadPoolExecutor current = this.worker;
            if (current == null) {
                current = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::create);
                this.worker = current;
            }
            current.execute(() -> {
                Thread.currentThread().setName("drain-step " + step);
                task.run();
            });
        } catch (OutOfMemoryError ex) {
            // No more threads: better without a bound than not at all.
            task.run();
        }
    }

    private Thread create(Runnable steps) {
        Thread fresh = new Thread(steps, "drain-step");
        fresh.setDaemon(true);
        this.thread = fresh;
        if (this.started != null) {
            this.started.owns(fresh);
        }
        return fresh;
    }

    private <T> Optional<T> await(String step, Duration bound, FutureTask<T> task) {
        AwakeTime patience = new AwakeTime(bound);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return Optional.of(patience.get(task));
                } catch (InterruptedException ex) {
                    this.failures.add(step, ex);
                    interrupted = true;
                }
            }
        } catch (ExecutionException ex) {
            this.failures.add(step, (ex.getCause() != null) ? ex.getCause() : ex);
        } catch (TimeoutException ex) {
            this.failures.add(step, heldUp(bound));
            leaveThread();
        } finally {
            if (interrupted && this.started == null) {
                Thread.currentThread().interrupt();
            }
        }
        return Optional.empty();
    }

    /** Names the place where the step is held up. */
    private TimeoutException heldUp(Duration bound) {
        TimeoutException failure = new TimeoutException("has not returned within " + bound.toMillis() + " ms");
        Thread held = this.thread;
        if (held != null) {
            failure.setStackTrace(held.getStackTrace());
        }
        return failure;
    }

    /** The thread ends when the step that holds it returns. */
    private void leaveThread() {
        if (this.worker != null) {
            this.worker.shutdown();
            this.worker = null;
        }
    }

    @Override
    public void close() {
        leaveThread();
    }
}
