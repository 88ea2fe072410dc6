package io.github.springdrain.server.linger;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * The one place that counts lingering connections. Thread-safe. Every connection passes {@link #begin} and {@link #end}
 * exactly once, so what has begun is at any moment either active or in the outcomes.
 */
final class LingerTally {

    private final Map<LingerOutcome, Long> outcomes = new EnumMap<>(LingerOutcome.class);

    private final LongAdder discardedBytes = new LongAdder();

    private int active;

    private int awaited;

    LingerTally() {
        for (LingerOutcome outcome : LingerOutcome.values()) {
            this.outcomes.put(outcome, 0L);
        }
    }

    /** Counts a connection in; returns how many are active now, this one included. */
    synchronized int begin(boolean isAwaited) {
        this.awaited += isAwaited ? 1 : 0;
        return ++this.active;
    }

    synchronized void end(boolean isAwaited, LingerOutcome outcome) {
        this.awaited -= isAwaited ? 1 : 0;
        this.active--;
        this.outcomes.merge(outcome, 1L, Long::sum);
    }

    void discarded(int bytes) {
        this.discardedBytes.add(bytes);
    }

    synchronized int active() {
        return this.active;
    }

    synchronized int awaited() {
        return this.awaited;
    }

    synchronized Map<LingerOutcome, Long> outcomes() {
        return new EnumMap<>(this.outcomes);
    }

    long discardedBytes() {
        return this.discardedBytes.sum();
    }
}
