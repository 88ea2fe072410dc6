package io.github.springdrain;

import org.jspecify.annotations.Nullable;

/** Since when one connection has been seen in the same state without progress. Used by the drain's thread alone. */
public final class StateClock {

    private @Nullable ConnectionState state;

    private long progress;

    private long sinceNanos;

    private boolean told;

    /** Begins anew, where a container gives the object that holds this clock to another connection. */
    public void reset() {
        this.state = null;
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

    /** Whether this is the first call for this connection: a peer is told once that it has to go. */
    public boolean tellOnce() {
        boolean first = !this.told;
        this.told = true;
        return first;
    }
}
