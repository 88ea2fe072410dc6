// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets one thread at a time look at a server's connections: two that look at the same one may each find it in the other's
 * hand and take it for busy. Thread-safe. Whoever has waited too long for its turn looks all the same.
 */
final class ScanTurn {

    private static final Duration PATIENCE = Duration.ofMillis(250);

    private final ReentrantLock lock = new ReentrantLock(true);

    <T> T take(Supplier<T> scan) {
        boolean taken = await();
        try {
            return scan.get();
        } finally {
            if (taken) {
                this.lock.unlock();
            }
        }
    }

    void run(Runnable step) {
        take(() -> {
            step.run();
            return true;
        });
    }

    private boolean await() {
        try {
            return this.lock.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
