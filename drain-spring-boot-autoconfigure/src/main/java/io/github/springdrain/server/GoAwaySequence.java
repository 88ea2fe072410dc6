package io.github.springdrain.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How far one HTTP/2 connection is on its way out (RFC 9113 section 6.8). At the announcement its peer is told that there
 * will be a last stream. Once listeners are closed, it is told which, as soon as its answer to a PING proves that it has
 * read the first word, or after a grace where no answer comes; and when every stream up to that one has ended, the
 * connection ends. Used by one thread at a time.
 */
public final class GoAwaySequence {

    /** A peer that has made its connection for a request would keep that request back on a GOAWAY. */
    private static final long YOUNG_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final long bornNanos;

    private boolean begun;

    private boolean named;

    private long sinceNanos;

    /**
     * Creates the state of one connection.
     *
     * @param bornNanos when the connection was made, or was first seen
     */
    public GoAwaySequence(long bornNanos) {
        this.bornNanos = bornNanos;
    }

    /**
     * Whether the peer may be told that there will be a last stream.
     *
     * @param used whether the peer has opened a stream
     */
    public boolean isTimeToTell(boolean used, long nowNanos) {
        return used || nowNanos - this.bornNanos >= YOUNG_NANOS;
    }

    /**
     * Decides on the next step, once listeners are closed.
     *
     * @param used whether the peer has opened a stream; before, it gets the time for its first one
     * @param streams how many streams are in service
     * @param heard whether the peer is known to have read what it was last told, and everything that it had sent before
     *     has been looked at
     * @param limits how long to go without knowing it
     */
    public Step next(boolean used, int streams, boolean heard, IdleLimits limits, long nowNanos) {
        if (!this.begun) {
            if (!used && isWithin(limits.firstRequestGrace(), this.bornNanos, nowNanos)) {
                return Step.WAIT;
            }
            this.begun = true;
            this.sinceNanos = nowNanos;
        }
        if (!heard && isWithin(limits.idleGrace(), this.sinceNanos, nowNanos)) {
            return Step.WAIT;
        }
        if (!this.named) {
            this.named = true;
            this.sinceNanos = nowNanos;
            return Step.NAME_LAST_STREAM;
        }
        return (streams == 0) ? Step.CLOSE : Step.WAIT;
    }

    private static boolean isWithin(Duration grace, long sinceNanos, long nowNanos) {
        return nowNanos - sinceNanos < grace.toNanos();
    }

    /** What to do with the connection. */
    public enum Step {

        /** Nothing yet. */
        WAIT,

        /** Refuse streams that are new from here on, and name the last one that is not. */
        NAME_LAST_STREAM,

        /** End the connection: every stream that was not refused has ended. */
        CLOSE
    }
}
