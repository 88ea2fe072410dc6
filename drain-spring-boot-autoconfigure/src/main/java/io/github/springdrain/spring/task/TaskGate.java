package io.github.springdrain.spring.task;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.SchedulingAwareRunnable;

/** Lets scheduled tasks run or not, and counts those that do. Thread-safe. */
final class TaskGate {

    private final AtomicInteger running = new AtomicInteger();

    private final Queue<Runnable> missed = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;

    void close() {
        this.closed = true;
    }

    /** Lets tasks run again, and makes up for those that have no next time. */
    void open() {
        this.closed = false;
        for (Runnable again = this.missed.poll(); again != null; again = this.missed.poll()) {
            again.run();
        }
    }

    int running() {
        return this.running.get();
    }

    /** A task that its trigger starts again and again: a run that the gate does not let through is left out. */
    SchedulingAwareRunnable repeating(Runnable task) {
        return new GatedTask(task, null);
    }

    /** A task that is started once; if the gate does not let it through, {@code again} is called when it opens. */
    SchedulingAwareRunnable once(Runnable task, Runnable again) {
        return new GatedTask(task, again);
    }

    private void run(Runnable task, @Nullable Runnable again) {
        // Counted before it looks, so that whoever has closed the gate sees every task that got through.
        this.running.incrementAndGet();
        try {
            if (!this.closed) {
                task.run();
            } else if (again != null) {
                this.missed.add(again);
            }
        } finally {
            this.running.decrementAndGet();
        }
    }

    /** Keeps what its scheduler may want to know of a task. */
    private final class GatedTask implements SchedulingAwareRunnable {

        private final Runnable task;

        private final @Nullable Runnable again;

        GatedTask(Runnable task, @Nullable Runnable again) {
            this.task = task;
            this.again = again;
        }

        @Override
        public void run() {
            TaskGate.this.run(this.task, this.again);
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
