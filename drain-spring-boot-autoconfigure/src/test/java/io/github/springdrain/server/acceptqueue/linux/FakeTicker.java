package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.server.DrainClock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Time that passes only while somebody waits, and events that happen at a time. Overflows soon after it starts. */
final class FakeTicker implements DrainClock {

    private static final long ORIGIN = Long.MAX_VALUE - 1_000_000;

    private final TreeMap<Long, Runnable> events = new TreeMap<>();

    private long passed;

    FakeTicker at(Duration time, Runnable event) {
        this.events.put(time.toNanos(), event);
        return this;
    }

    Duration elapsed() {
        return Duration.ofNanos(this.passed);
    }

    @Override
    public long nanoTime() {
        return ORIGIN + this.passed;
    }

    @Override
    public void pause(long nanos) {
        this.passed += nanos;
        for (Map.Entry<Long, Runnable> event = this.events.firstEntry();
                event != null && event.getKey() <= this.passed;
                event = this.events.firstEntry()) {
            this.events.pollFirstEntry();
            event.getValue().run();
        }
    }
}
