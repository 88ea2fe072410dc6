// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Time, and waiting for a state that can only be looked at: one seam, so that tests need not wait. Thread-safe. */
public interface DrainClock {

    /** The real one. */
    DrainClock SYSTEM = new DrainClock() {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void pause(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    };

    /** A look at the kernel's tables costs 0.1 ms to 4 ms. */
    long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Nanoseconds since an arbitrary origin; compare by subtraction. */
    long nanoTime();

    /** Blocks the calling thread for {@code nanos} nanoseconds. */
    void pause(long nanos) throws InterruptedException;

    /** The wall clock, for people. */
    default Instant now() {
        return Instant.now();
    }

    /**
     * Waits until a condition holds. Looks at least once; an interrupt ends the wait and stays set.
     *
     * @return whether it holds
     */
    default boolean await(BooleanSupplier condition, long limitNanos) {
        long start = nanoTime();
        while (!condition.getAsBoolean()) {
            long left = limitNanos - (nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            try {
                pause(Math.min(left, LOOK_EVERY_NANOS));
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
