// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a state that nobody reports. */
final class Poll {

    private Poll() {}

    /**
     * Looks again and again until {@code condition} holds.
     *
     * @throws IllegalStateException if it does not within {@code limit}; {@code what} says what did not
     */
    static void until(String what, Duration limit, Duration pause, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new IllegalStateException("Not within " + limit + ": " + what);
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }
}
