// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster.load;

import java.util.Optional;

/**
 * A line that a load generator writes for a request that failed.
 *
 * @param beganMillis when the request began
 * @param endedMillis when it was over
 * @param what the kind of client and the result
 * @param detail what the client saw
 */
public record FailedLine(long beganMillis, long endedMillis, String what, String detail) {

    private static final String PREFIX = "@failed ";

    /** The line as text. */
    String format() {
        return PREFIX + this.beganMillis + " " + this.endedMillis + " " + this.what + " " + this.detail;
    }

    /** Reads what {@link #format()} writes; empty for any other line. */
    public static Optional<FailedLine> parse(String line) {
        if (!line.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = line.split(" ", 5);
        return Optional.of(new FailedLine(
                Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3], parts.length > 4 ? parts[4] : ""));
    }
}
