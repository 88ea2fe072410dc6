// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** What is done on event loops from outside. */
final class EventLoops {

    private EventLoops() {}

    /**
     * Runs the task after so many turns of the event loop; returns whether it will. A task that another one executes runs in
     * the same turn, before anything is read or accepted; one that is scheduled does not.
     */
    static boolean afterTurns(EventExecutor loop, int turns, Runnable task) {
        try {
            Future<?> scheduled = loop.schedule(
                    () -> {
                        if (turns <= 1 || !afterTurns(loop, turns - 1, task)) {
                            task.run();
                        }
                    },
                    1,
                    TimeUnit.NANOSECONDS);
            return !scheduled.isCancelled();
        } catch (RejectedExecutionException ex) {
            return false;
        }
    }

    /** Runs the task on the event loop, right away where that is the calling thread; returns whether it will. */
    static boolean execute(EventExecutor loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return true;
        }
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException ex) {
            return false;
        }
    }

    static boolean await(CountDownLatch latch, long boundNanos) {
        try {
            return latch.await(boundNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
