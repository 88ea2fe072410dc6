// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

/**
 * A GOAWAY frame that a client has got.
 *
 * @param lastStreamId the last stream the server serves or has served; 2^31-1 where it will name it later
 * @param errorCode why; zero where nothing is wrong
 * @param atNanos when it was read, as {@link System#nanoTime()}
 */
public record GoAway(int lastStreamId, int errorCode, long atNanos) {

    /** Whether it only announces that another will follow. */
    public boolean isFirst() {
        return this.lastStreamId == Integer.MAX_VALUE;
    }

    /** The last stream it serves and, where something is wrong, why. */
    @Override
    public String toString() {
        String last = isFirst() ? "2^31-1" : Integer.toString(this.lastStreamId);
        return "GOAWAY(" + last + ((this.errorCode == 0) ? ")" : ", error " + this.errorCode + ")");
    }
}
