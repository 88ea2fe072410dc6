// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A moment to wait for: some time after another one, or when something has come about. */
public final class Moment {

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Moment() {}

    /** Blocks until {@code delay} after {@code nanos}, a reading of {@link System#nanoTime()}. */
    public static void await(long nanos, Duration delay) {
        long due = nanos + delay.toNanos();
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Blocks until {@code condition} holds; returns {@code false} where it does not within {@code limit}. */
    public static boolean awaitThat(BooleanSupplier condition, Duration limit) {
        long due = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - due > 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }
}
