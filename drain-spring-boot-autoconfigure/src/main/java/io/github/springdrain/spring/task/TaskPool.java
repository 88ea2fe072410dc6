// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** What an executor has to do, by its own counters. */
interface TaskPool {

    /** The executor behind whatever wraps it; two beans with the same one count once. */
    Object identity();

    /** Tasks that run, and tasks that wait for a thread. */
    int tasks();

    /** Whether a thread that is at work is one of this pool, as far as is known. */
    boolean runs(Thread thread);

    /** Interrupts what runs and drops what waits. */
    void cancel();

    /** The pool behind a bean, or {@code null} if it does not show how busy it is. */
    static @Nullable TaskPool of(Object bean, SimpleAsyncTracking tracking) {
        if (bean instanceof ThreadPoolTaskExecutor executor) {
            return new Threads(executor.getThreadPoolExecutor(), executor.getThreadNamePrefix());
        }
        if (bean instanceof ThreadPoolTaskScheduler scheduler) {
            return (scheduler.getScheduledExecutor() instanceof ThreadPoolExecutor pool)
                    ? new Threads(pool, scheduler.getThreadNamePrefix())
                    : null;
        }
        if (bean instanceof ConcurrentTaskExecutor wrapper) {
            Executor target = wrapper.getConcurrentExecutor();
            return of(target, tracking);
        }
        if (bean instanceof ThreadPoolExecutor pool) {
            return new Threads(pool, "");
        }
        if (bean instanceof ForkJoinPool pool) {
            return new Forks(pool);
        }
        RunningTasks tasks = (bean instanceof SimpleAsyncTaskExecutor simple) ? tracking.of(simple) : null;
        return (tasks != null) ? new Tracked(bean, tasks) : null;
    }

    /**
     * A thread pool with a queue.
     *
     * @param prefix what the names of its threads begin with, before a number; empty where that is not known
     */
    record Threads(ThreadPoolExecutor identity, String prefix) implements TaskPool {

        /** A pool does not list its threads. */
        @Override
        public boolean runs(Thread thread) {
            String name = thread.getName();
            return !this.prefix.isEmpty()
                    && name.startsWith(this.prefix)
                    && name.substring(this.prefix.length()).matches("[0-9]+");
        }

        @Override
        public int tasks() {
            return waiting() + this.identity.getActiveCount();
        }

        private int waiting() {
            Collection<Runnable> queue = this.identity.getQueue();
            return (this.identity instanceof ScheduledThreadPoolExecutor)
                    ? (int) queue.stream().filter(Threads::isDue).count()
                    : queue.size();
        }

        /** What is scheduled for later is not work yet, and what repeats never ends. */
        private static boolean isDue(Runnable task) {
            return task instanceof RunnableScheduledFuture<?> future
                    && !future.isPeriodic()
                    && future.getDelay(TimeUnit.NANOSECONDS) <= 0;
        }

        @Override
        public void cancel() {
            for (Runnable task : this.identity.shutdownNow()) {
                if (task instanceof Future<?> future) {
                    future.cancel(true);
                }
            }
        }
    }

    /** A fork-join pool. */
    record Forks(ForkJoinPool identity) implements TaskPool {

        @Override
        public boolean runs(Thread thread) {
            return thread instanceof ForkJoinWorkerThread worker && worker.getPool() == this.identity;
        }

        @Override
        public int tasks() {
            if (this.identity.isQuiescent()) {
                return 0;
            }
            return Math.max(1, this.identity.getActiveThreadCount() + this.identity.getQueuedSubmissionCount());
        }

        @Override
        public void cancel() {
            this.identity.shutdownNow();
        }
    }

    /** An executor without a pool. */
    record Tracked(Object identity, RunningTasks running) implements TaskPool {

        @Override
        public boolean runs(Thread thread) {
            return this.running.runs(thread);
        }

        @Override
        public int tasks() {
            return this.running.count();
        }

        /** Its threads are known to nobody. */
        @Override
        public void cancel() {}
    }
}
