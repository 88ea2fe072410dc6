// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;

/**
 * A response and when it was there.
 *
 * @param response the response, with how the connection ended if it announced that
 * @param atNanos when it was whole, as {@link System#nanoTime()}
 */
record TimedResponse(RawResponse response, long atNanos) {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Reads the response to the request that was sent on {@code connection}. */
    static TimedResponse on(RawConnection connection) {
        RawResponse response = connection.readResponse();
        long now = System.nanoTime();
        return new TimedResponse(
                response.isConnectionClose() ? response.endedBy(connection.awaitEnd(LIMIT)) : response, now);
    }

    /** The response in one line. */
    String summary() {
        return this.response.summary();
    }
}
