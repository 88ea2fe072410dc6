// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import io.github.springdrain.spring.ClosingThread;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.SchedulingAwareRunnable;

/** Suspends scheduled tasks, and counts those that run. Thread-safe. */
final class TaskSuspension {

    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    private final Queue<Runnable> missed = new ConcurrentLinkedQueue<>();

    private volatile boolean suspended;

    void suspend() {
        this.suspended = true;
    }

    /** Lets tasks run again, and makes up for those that have no next time. */
    void resume() {
        this.suspended = false;
        for (Runnable again = this.missed.poll(); again != null; again = this.missed.poll()) {
            again.run();
        }
    }

    /** The runs that are under way, but for one that closes the context. */
    int running(ClosingThread closingThread) {
        int others = 0;
        for (Thread thread : this.running) {
            if (closingThread.is(thread)) {
                closingThread.foundAtWork();
            } else {
                others++;
            }
        }
        return others;
    }

    /** A task that its trigger starts again and again: a run that is due while tasks are suspended is left out. */
    SchedulingAwareRunnable repeating(Runnable task) {
        return new SuspendableTask(task, null);
    }

    /** A task that is started once; if tasks are suspended then, {@code again} is called when they resume. */
    SchedulingAwareRunnable once(Runnable task, Runnable again) {
        return new SuspendableTask(task, again);
    }

    private void run(Runnable task, @Nullable Runnable again) {
        // Counted before it looks, so that the thread that suspends sees every task that still runs.
        boolean outermost = this.running.add(Thread.currentThread());
        try {
            if (!this.suspended) {
                task.run();
            } else if (again != null) {
                this.missed.add(again);
            }
        } finally {
            if (outermost) {
                this.running.remove(Thread.currentThread());
            }
        }
    }

    /** Keeps what its scheduler may want to know of a task. */
    private final class SuspendableTask implements SchedulingAwareRunnable {

        private final Runnable task;

        private final @Nullable Runnable again;

        SuspendableTask(Runnable task, @Nullable Runnable again) {
            this.task = task;
            this.again = again;
        }

        @Override
        public void run() {
            TaskSuspension.this.run(this.task, this.again);
        }

        @Override
        public boolean isLongLived() {
            return this.task instanceof SchedulingAwareRunnable aware && aware.isLongLived();
        }

        @Override
        public @Nullable String getQualifier() {
            return (this.task instanceof SchedulingAwareRunnable aware) ? aware.getQualifier() : null;
        }

        @Override
        public String toString() {
            return this.task.toString();
        }
    }
}
