// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits by looking, with a limit. */
final class Poll {

    private static final Duration INTERVAL = Duration.ofMillis(200);

    private Poll() {}

    /**
     * Waits until {@code condition} holds.
     *
     * @throws IllegalStateException if it does not within {@code limit}; the message has {@code state}
     */
    static void until(String what, Duration limit, Supplier<?> state, BooleanSupplier condition) {
        if (!holds(limit, condition)) {
            throw new IllegalStateException("Not within %s: %s; %s".formatted(limit, what, state.get()));
        }
    }

    /** Waits until {@code condition} holds, at most for {@code limit}, and returns whether it does. */
    static boolean holds(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= deadline) {
                return false;
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
        return true;
    }
}
