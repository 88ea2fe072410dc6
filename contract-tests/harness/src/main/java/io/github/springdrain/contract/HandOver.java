// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.Locale;

/**
 * What came of one process's leaving a port to another, or of several.
 *
 * @param count how many
 * @param tally what clients saw
 * @param listenDrops what the kernel has dropped at listeners
 * @param underWay connections that the leaving process accepted while draining
 * @param longestExit from SIGTERM to the end of the process that left, at its longest
 */
public record HandOver(int count, LoadTally tally, ListenDrops listenDrops, long underWay, Duration longestExit) {

    /** None. */
    public static final HandOver NONE = new HandOver(
            0, new LoadTally(StormTally.EMPTY, StormTally.EMPTY, Duration.ZERO), ListenDrops.NONE, 0, Duration.ZERO);

    /** Both together. */
    public HandOver plus(HandOver other) {
        return new HandOver(
                this.count + other.count,
                this.tally.plus(other.tally),
                this.listenDrops.plus(other.listenDrops),
                this.underWay + other.underWay,
                (this.longestExit.compareTo(other.longestExit) > 0) ? this.longestExit : other.longestExit);
    }

    /**
     * Whether no client saw anything, and no SYN was dropped, which would have made one wait. A server that is too slow for
     * its clients has nothing to do with a hand-over.
     */
    public boolean isUnnoticed() {
        return this.tally.lost() == 0 && this.tally.count(Outcome.REFUSED) == 0 && this.listenDrops.withRoom() == 0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d lost, %d refused; new connections: %s; kept: %s; longest connect %d ms, ListenDrops %d and %d at a full queue,"
                        + " %d accepted while draining, exit after %d ms",
                this.tally.lost(),
                this.tally.count(Outcome.REFUSED),
                this.tally.fresh().format(),
                this.tally.kept().format(),
                this.tally.longestConnect().toMillis(),
                this.listenDrops.withRoom(),
                this.listenDrops.overflows(),
                this.underWay,
                this.longestExit.toMillis());
    }
}
