package io.github.springdrain.engine;

import io.github.springdrain.server.DrainClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes only while somebody waits for it, and things that happen in the meantime. */
final class FakeTime implements DrainClock {

    private final List<Happening> happenings = new ArrayList<>();

    private long nanos;

    /** Has something happen once {@code after} has passed since the beginning. */
    FakeTime at(Duration after, Runnable action) {
        this.happenings.add(new Happening(after.toNanos(), action));
        this.happenings.sort(Comparator.comparingLong(Happening::nanos));
        return this;
    }

    Duration elapsed() {
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
        while (!this.happenings.isEmpty() && this.happenings.get(0).nanos() <= target) {
            Happening next = this.happenings.remove(0);
            this.nanos = Math.max(this.nanos, next.nanos());
            next.action().run();
        }
        this.nanos = Math.max(this.nanos, target);
    }

    private record Happening(long nanos, Runnable action) {}
}
