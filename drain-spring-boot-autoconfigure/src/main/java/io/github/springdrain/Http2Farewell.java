package io.github.springdrain;

import java.time.Duration;

/**
 * How far one HTTP/2 connection is on its way out, once listeners are closed. Its peer was told at the announcement that
 * there is a last stream (RFC 9113 section 6.8); now it is told which, and when every stream up to that one has ended,
 * the connection ends. Used by one thread at a time.
 */
public final class Http2Farewell {

    private boolean begun;

    private boolean named;

    private long sinceNanos;

    /**
     * Decides on the next step.
     *
     * @param streams how many streams are in service
     * @param heard whether the peer is known to have read what it was last told, and everything that it had sent before
     *     has been looked at
     * @param grace how long to go without knowing it
     */
    public Step next(int streams, boolean heard, Duration grace, long nowNanos) {
        if (!this.begun) {
            this.begun = true;
            this.sinceNanos = nowNanos;
        }
        if (!heard && nowNanos - this.sinceNanos < grace.toNanos()) {
            return Step.WAIT;
        }
        if (!this.named) {
            this.named = true;
            this.sinceNanos = nowNanos;
            return Step.NAME_LAST_STREAM;
        }
        return (streams == 0) ? Step.CLOSE : Step.WAIT;
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
