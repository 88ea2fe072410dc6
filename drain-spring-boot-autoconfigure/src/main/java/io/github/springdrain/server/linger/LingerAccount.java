// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What one lingering connection has used of its limits. Used by one thread at a time, but for its end, which any thread
 * may bring. Instants are those of {@link System#nanoTime()}.
 */
public final class LingerAccount {

    private final LingerLimits limits;

    private final Tally tally;

    private final boolean awaited;

    private final long startedAt;

    private final AtomicBoolean ended = new AtomicBoolean();

    private long movedAt;

    private long discarded;

    LingerAccount(LingerLimits limits, Tally tally, boolean awaited, long now) {
        this.limits = limits;
        this.tally = tally;
        this.awaited = awaited;
        this.startedAt = now;
        this.movedAt = now;
    }

    /** Something was sent to the peer. */
    void wrote(long now) {
        this.movedAt = now;
    }

    /** How much to read at a time: one byte past the limit shows whether a peer goes on or ends exactly there. */
    public int readable(int capacity) {
        return (int) Math.min(capacity - 1L, this.limits.maxBytes() - this.discarded) + 1;
    }

    /** Counts bytes that were read and thrown away; returns {@code BYTE_LIMIT} once they are too many. */
    public @Nullable LingerOutcome discarded(int count, long now) {
        this.movedAt = now;
        this.discarded += count;
        this.tally.discarded(count);
        return (this.discarded > this.limits.maxBytes()) ? LingerOutcome.BYTE_LIMIT : null;
    }

    /** The limit of time that has been reached; {@code null} while there is none. */
    public @Nullable LingerOutcome expired(long now) {
        if (now - this.startedAt >= this.limits.timeout().toNanos()) {
            return LingerOutcome.TIMEOUT;
        }
        return (now - this.movedAt >= this.limits.idleTimeout().toNanos()) ? LingerOutcome.IDLE_TIMEOUT : null;
    }

    /** Nanoseconds until {@link #expired} may find something, if nothing moves. */
    public long nanosLeft(long now) {
        return Math.min(
                this.limits.timeout().toNanos() - (now - this.startedAt),
                this.limits.idleTimeout().toNanos() - (now - this.movedAt));
    }

    /** Ends the connection's time; {@code true} for the first caller only, who closes it and {@link #count counts} it. */
    boolean end() {
        return this.ended.compareAndSet(false, true);
    }

    void count(LingerOutcome outcome) {
        this.tally.end(this.awaited, outcome);
    }

    /**
     * The one place that counts lingering connections. Thread-safe. Every connection passes {@link #begin} and
     * {@link #end} exactly once, so what has begun is at any moment either active or in the outcomes.
     */
    static final class Tally {

        private final Map<LingerOutcome, Long> outcomes = new EnumMap<>(LingerOutcome.class);

        private final LongAdder discardedBytes = new LongAdder();

        private int active;

        private int awaited;

        Tally() {
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
}
