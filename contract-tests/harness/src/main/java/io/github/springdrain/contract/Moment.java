// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A moment after another one, at which something is to be done. */
public final class Moment {

    private Moment() {}

    /** Blocks until {@code delay} after {@code nanos}, a reading of {@link System#nanoTime()}. */
    public static void await(long nanos, Duration delay) {
        long due = nanos + delay.toNanos();
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
