package io.github.springdrain.spring.task;

import io.github.springdrain.spring.ClosingThread;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.SchedulingAwareRunnable;

/** Lets scheduled tasks run or not, and counts those that do. Thread-safe. */
final class TaskGate {

    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

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
        boolean outermost = this.running.add(Thread.currentThread());
        try {
            if (!this.closed) {
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
