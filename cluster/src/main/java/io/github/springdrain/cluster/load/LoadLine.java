// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster.load;

import java.util.Optional;

/**
 * A line that a load generator writes, several times a second.
 *
 * @param atMillis when, by the clock of its node
 * @param oldestMillis for how long the oldest exchange had been under way
 * @param tally all that was over
 * @param last whether it is the generator's last one
 */
public record LoadLine(long atMillis, long oldestMillis, Tally tally, boolean last) {

    private static final String PREFIX = "@load ";

    private static final String LAST_PREFIX = "@last ";

    /** The line as text. */
    String format() {
        return (this.last ? LAST_PREFIX : PREFIX) + this.atMillis + " " + this.oldestMillis + " " + this.tally.format();
    }

    /** Reads what {@link #format()} writes; empty for any other line. */
    public static Optional<LoadLine> parse(String line) {
        boolean last = line.startsWith(LAST_PREFIX);
        if (!last && !line.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String[] parts = line.split(" ", 4);
        return Optional.of(new LoadLine(
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                Tally.parse((parts.length > 3) ? parts[3] : ""),
                last));
    }

    /** Whether every exchange is over, and counted, that was under way at {@code millis}. */
    public boolean settles(long millis) {
        return this.last || this.atMillis - this.oldestMillis > millis;
    }
}
