// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A bound on how long to wait for others in this process, of which only the time counts in which the process runs: one
 * that is paused (SIGSTOP, a frozen cgroup, a machine that is migrated) would otherwise find, when it goes on, that
 * everyone has been given their time and nobody has used it. Several waits may share one bound. Used by one thread.
 */
final class AwakeTime {

    /** The most that a pause can take from a bound. */
    private static final long LONGEST_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int FEWEST_SLICES = 10;

    private final Duration bound;

    private final long sliceNanos;

    private long leftNanos;

    AwakeTime(Duration bound) {
        this.bound = bound;
        this.leftNanos = Math.max(0, bound.toNanos());
        this.sliceNanos = Math.min(LONGEST_SLICE_NANOS, this.leftNanos / FEWEST_SLICES + 1);
    }

    /**
     * Waits for a result.
     *
     * @throws TimeoutException if it is not there when the bound is used up
     */
    <T> T get(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        while (true) {
            long slice = Math.min(this.sliceNanos, this.leftNanos);
            long start = System.nanoTime();
            try {
                return future.get(slice, TimeUnit.NANOSECONDS);
            } catch (TimeoutException ex) {
                if (slice == this.leftNanos) {
                    throw ex;
                }
            } finally {
                this.leftNanos -= Math.min(slice, System.nanoTime() - start);
            }
        }
    }

    /** The whole bound in milliseconds, for messages. */
    @Override
    public String toString() {
        return Long.toString(this.bound.toMillis());
    }
}
