// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/**
 * What a storm lost over many closings of a listener.
 *
 * @param cycles how many closings
 * @param cyclesWithLoss closings in which something was lost
 * @param tally all exchanges
 */
record ClosingCycles(int cycles, int cyclesWithLoss, StormTally tally) {

    private static final ClosingCycles NONE = new ClosingCycles(0, 0, StormTally.EMPTY);

    /** Closings with a loss after which a control has shown what it has to show. */
    private static final int ENOUGH = 2;

    /**
     * Opens and closes {@code server} so many times, each time in the middle of {@code storm}.
     *
     * @param responsesFirst the responses that each closing waits for, so that its storm is at full rate
     */
    static ClosingCycles run(
            int cycles, CyclingServer server, Storm storm, int responsesFirst, List<String> arguments) {
        ClosingCycles sum = NONE;
        for (int cycle = 0; cycle < cycles; cycle++) {
            sum = sum.plus(close(server, storm, responsesFirst, arguments));
        }
        return sum;
    }

    /**
     * The same until some have lost something, so that a control does not depend on luck; at most {@code bound} times.
     */
    static ClosingCycles untilLoss(
            int bound, CyclingServer server, Storm storm, int responsesFirst, List<String> arguments) {
        ClosingCycles sum = NONE;
        while (sum.cycles < bound && sum.cyclesWithLoss < ENOUGH) {
            sum = sum.plus(close(server, storm, responsesFirst, arguments));
        }
        return sum;
    }

    private static StormTally close(CyclingServer server, Storm storm, int responsesFirst, List<String> arguments) {
        server.open(arguments);
        storm.begin();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofMinutes(1))
                .until(() -> storm.tally().count(Outcome.COMPLETE) > responsesFirst);
        server.closeContext();
        return storm.end();
    }

    private ClosingCycles plus(StormTally more) {
        int withLoss = this.cyclesWithLoss + ((more.lost() > 0) ? 1 : 0);
        return new ClosingCycles(this.cycles + 1, withLoss, this.tally.plus(more));
    }

    @Override
    public String toString() {
        return "%d closings, %d lost (in %d closings), %s"
                .formatted(this.cycles, this.tally.lost(), this.cyclesWithLoss, this.tally.format());
    }
}
