// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.testing;

import io.github.springdrain.server.DrainClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes only while a thread waits for it, and events that happen meanwhile. */
public final class FakeTime implements DrainClock {

    private final List<Event> events = new ArrayList<>();

    private long nanos;

    /** Has an event happen once {@code after} has passed since the beginning. */
    public FakeTime at(Duration after, Runnable action) {
        this.events.add(new Event(after.toNanos(), action));
        this.events.sort(Comparator.comparingLong(Event::nanos));
        return this;
    }

    /** The time that has passed since the beginning. */
    public Duration elapsed() {
        return Duration.ofNanos(this.nanos);
    }

    @Override
    public long nanoTime() {
        // Near the overflow, so that a comparison that is not a subtraction fails.
        return Long.MAX_VALUE - 1_000_000 + this.nanos;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(this.nanos);
    }

    @Override
    public void pause(long pauseNanos) {
        long target = this.nanos + pauseNanos;
        while (!this.events.isEmpty() && this.events.get(0).nanos() <= target) {
            Event next = this.events.remove(0);
            this.nanos = Math.max(this.nanos, next.nanos());
            next.action().run();
        }
        this.nanos = Math.max(this.nanos, target);
    }

    private record Event(long nanos, Runnable action) {}
}
