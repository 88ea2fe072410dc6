package io.github.springdrain.kernel;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Time that passes only while somebody waits, and events that happen at a time. */
final class FakeTicker implements Ticker {

    private final TreeMap<Long, Runnable> events = new TreeMap<>();

    private long now;

    FakeTicker at(Duration time, Runnable event) {
        this.events.put(time.toNanos(), event);
        return this;
    }

    Duration elapsed() {
        return Duration.ofNanos(this.now);
    }

    @Override
    public long nanoTime() {
        return this.now;
    }

    @Override
    public void pause(long nanos) {
        this.now += nanos;
        for (Map.Entry<Long, Runnable> event = this.events.firstEntry();
                event != null && event.getKey() <= this.now;
                event = this.events.firstEntry()) {
            this.events.pollFirstEntry();
            event.getValue().run();
        }
    }
}
