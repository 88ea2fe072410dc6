// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How far the graceful close of one HTTP/2 connection is (RFC 9113 section 6.8). At the announcement the first GOAWAY says
 * that there will be a last stream. Once listeners are closed, the last GOAWAY names it, as soon as the client has
 * acknowledged the PING behind the first one, or after a grace where it does not. The connection ends when every stream up
 * to that one has ended. Used by one thread at a time.
 */
public final class GoAwaySequence {

    /** A client that has made its connection for a request would keep that request back on a GOAWAY. */
    private static final long YOUNG_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final long bornNanos;

    private boolean announced;

    private boolean pinged;

    private boolean acknowledged;

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
     * Whether the first GOAWAY is to be sent now; true once.
     *
     * @param used whether the client has opened a stream
     */
    public boolean isFirstGoAwayDue(boolean used, long nowNanos) {
        if (this.announced || !isFirstGoAwayAllowed(used, nowNanos)) {
            return false;
        }
        this.announced = true;
        return true;
    }

    /**
     * Whether the PING is to be sent now, behind the first GOAWAY; true once. Its acknowledgement comes behind every stream
     * that the client has opened before it has read that.
     */
    public boolean isPingDue() {
        if (!this.announced || this.pinged) {
            return false;
        }
        this.pinged = true;
        return true;
    }

    /** Notes that the client has acknowledged the PING. */
    public void acknowledged() {
        this.acknowledged = true;
    }

    /**
     * Decides on the next step, once listeners are closed, where the only PING is the one behind the first GOAWAY.
     *
     * @param used whether the client has opened a stream; before, it gets the time for its first one
     * @param streams how many streams are in service
     * @param limits how long to go without the acknowledgement
     */
    public Step next(boolean used, int streams, IdleLimits limits, long nowNanos) {
        return next(used, streams, this.acknowledged || this.named, limits, nowNanos);
    }

    /**
     * Whether the first GOAWAY may be sent.
     *
     * @param used whether the client has opened a stream
     */
    public boolean isFirstGoAwayAllowed(boolean used, long nowNanos) {
        return used || nowNanos - this.bornNanos >= YOUNG_NANOS;
    }

    /**
     * Decides on the next step, once listeners are closed.
     *
     * @param used whether the client has opened a stream; before, it gets the time for its first one
     * @param streams how many streams are in service
     * @param heard whether the client is known to have read the last GOAWAY, and everything that it had sent before has
     *     been looked at
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
