package io.github.springdrain.contract;

import java.time.Duration;

/**
 * An answer and when it was there.
 *
 * @param answer the answer, with how the connection ended if it told so
 * @param atNanos when it was whole, as {@link System#nanoTime()}
 */
record TimedResponse(RawResponse answer, long atNanos) {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Reads the answer to the request that was sent on {@code connection}. */
    static TimedResponse on(RawConnection connection) {
        RawResponse answer = connection.readAnswer();
        long now = System.nanoTime();
        return new TimedResponse(answer.isConnectionClose() ? answer.endedBy(connection.awaitEnd(LIMIT)) : answer, now);
    }

    /** The answer in one line. */
    String summary() {
        return this.answer.summary();
    }
}
