package io.github.springdrain.server;

import io.github.springdrain.ConnectionState;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Since when one connection has been seen in the same state without progress. Used by the drain's thread alone. */
public final class ConnectionProgress {

    private @Nullable ConnectionState state;

    private long progress;

    private long sinceNanos;

    private boolean drawn;

    private boolean told;

    private long tellNanos;

    /** Begins anew, where a container gives the object that holds this clock to another connection. */
    public void reset() {
        this.state = null;
        this.drawn = false;
        this.told = false;
    }

    /**
     * Notes what a scan saw.
     *
     * @param seenProgress changes whenever the connection gets on within its state
     * @return the nanoseconds since the first scan that saw the same
     */
    public long unchangedFor(ConnectionState seen, long seenProgress, long nowNanos) {
        if (seen != this.state || seenProgress != this.progress) {
            this.state = seen;
            this.progress = seenProgress;
            this.sinceNanos = nowNanos;
        }
        return nowNanos - this.sinceNanos;
    }

    /**
     * Whether the peer has to be told now that it has to go; true once. The first call draws the moment.
     *
     * @param window what is left of the time over which peers are told
     */
    public boolean isTimeToTell(long nowNanos, Duration window) {
        if (!this.drawn) {
            this.drawn = true;
            this.tellNanos = nowNanos + (long) (ThreadLocalRandom.current().nextDouble() * window.toNanos());
        }
        if (this.told || nowNanos - this.tellNanos < 0) {
            return false;
        }
        this.told = true;
        this.tellNanos = nowNanos;
        return true;
    }

    /** Whether the peer was told so long ago that its answer is given up, whatever else it sends. */
    public boolean isToldFor(Duration limit, long nowNanos) {
        return this.told && nowNanos - this.tellNanos >= limit.toNanos();
    }
}
