// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the tasks of an executor that does not count them itself. Thread-safe. */
final class RunningTasks {

    /** How long a task that was handed over may take to begin; one that was rejected after all never does. */
    private static final long START_NANOS = 1_000_000_000L;

    private final AtomicLong submitted = new AtomicLong();

    private final AtomicLong started = new AtomicLong();

    private final AtomicLong finished = new AtomicLong();

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private volatile long lastSubmission;

    Runnable counted(Runnable task) {
        this.lastSubmission = System.nanoTime();
        this.submitted.incrementAndGet();
        return () -> {
            this.started.incrementAndGet();
            this.threads.add(Thread.currentThread());
            try {
                task.run();
            } finally {
                this.threads.remove(Thread.currentThread());
                this.finished.incrementAndGet();
            }
        };
    }

    boolean runs(Thread thread) {
        return this.threads.contains(thread);
    }

    int count() {
        // In this order, so that a task that begins or ends in between counts too often rather than not at all.
        long ended = this.finished.get();
        long begun = this.started.get();
        long waiting = Math.max(0, this.submitted.get() - begun);
        boolean stillStarting = System.nanoTime() - this.lastSubmission < START_NANOS;
        return (int) (begun - ended + (stillStarting ? waiting : 0));
    }
}
