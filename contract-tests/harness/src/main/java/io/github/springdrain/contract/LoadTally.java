// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;

/**
 * What the clients of a {@link MixedLoad} saw.
 *
 * @param fresh the exchanges of those that open a connection for each request
 * @param kept the exchanges of those that keep their connection
 * @param longestConnect the longest time that one of them waited for a connection
 */
public record LoadTally(StormTally fresh, StormTally kept, Duration longestConnect) {

    private static final String SEPARATOR = "; ";

    /** Exchanges that ended so. */
    public long count(Outcome outcome) {
        return this.fresh.count(outcome) + this.kept.count(outcome);
    }

    /** Exchanges for which a connection was there and no whole response came over it. */
    public long lost() {
        return this.fresh.lost() + this.kept.lost();
    }

    /** Both together. */
    public LoadTally plus(LoadTally other) {
        boolean longer = this.longestConnect.compareTo(other.longestConnect) > 0;
        return new LoadTally(
                this.fresh.plus(other.fresh),
                this.kept.plus(other.kept),
                longer ? this.longestConnect : other.longestConnect);
    }

    /** As {@code COMPLETE=12 RESET=1; COMPLETE=3; 42}: the longest connect in milliseconds at the end. */
    public String format() {
        return this.fresh.format() + SEPARATOR + this.kept.format() + SEPARATOR + this.longestConnect.toMillis();
    }

    /** Reads what {@link #format()} writes. */
    public static LoadTally parse(String text) {
        String[] parts = text.split(SEPARATOR, -1);
        return new LoadTally(
                StormTally.parse(parts[0]), StormTally.parse(parts[1]), Duration.ofMillis(Long.parseLong(parts[2])));
    }
}
