// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import io.github.springdrain.ConnectionState;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Since when one connection has been seen in the same state without progress. Used by the drain's thread alone. */
public final class ConnectionProgress {

    /**
     * Scans follow each other within milliseconds. After a longer gap the process has stood still, and with it the threads
     * that read: what has arrived meanwhile is still to be seen.
     */
    private static final long LONGEST_GAP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private @Nullable ConnectionState state;

    private long progress;

    private long sinceNanos;

    private long seenNanos;

    private boolean drawn;

    private boolean notified;

    private long notifyNanos;

    /** Begins anew, where a container gives the object that holds this clock to another connection. */
    public void reset() {
        this.state = null;
        this.drawn = false;
        this.notified = false;
    }

    /**
     * Notes what a scan saw.
     *
     * @param seenProgress changes whenever the connection gets on within its state
     * @return the nanoseconds since the first scan that saw the same, or since the last time that the process stood still
     */
    public long unchangedFor(ConnectionState seen, long seenProgress, long nowNanos) {
        boolean stoodStill = nowNanos - this.seenNanos > LONGEST_GAP_NANOS;
        this.seenNanos = nowNanos;
        if (stoodStill || seen != this.state || seenProgress != this.progress) {
            this.state = seen;
            this.progress = seenProgress;
            this.sinceNanos = nowNanos;
        }
        return nowNanos - this.sinceNanos;
    }

    /**
     * Whether the client is to be notified now that its connection ends; true once. The first call draws the moment.
     *
     * @param window what is left of the time over which clients are notified
     */
    public boolean isTimeToNotify(long nowNanos, Duration window) {
        return isTimeToNotify(nowNanos, window, Duration.ZERO);
    }

    /**
     * As {@link #isTimeToNotify(long, Duration)}.
     *
     * @param delay how much later than the moment that was drawn
     */
    public boolean isTimeToNotify(long nowNanos, Duration window, Duration delay) {
        if (!this.drawn) {
            this.drawn = true;
            this.notifyNanos = nowNanos + (long) (ThreadLocalRandom.current().nextDouble() * window.toNanos());
        }
        if (this.notified || nowNanos - this.notifyNanos < delay.toNanos()) {
            return false;
        }
        this.notified = true;
        this.notifyNanos = nowNanos;
        return true;
    }

    /** Whether the client was notified so long ago that its response is given up, whatever else it sends. */
    public boolean isNotifiedFor(Duration limit, long nowNanos) {
        return this.notified && nowNanos - this.notifyNanos >= limit.toNanos();
    }
}
