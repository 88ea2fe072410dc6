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
record Cycles(int cycles, int cyclesWithLoss, StormTally tally) {

    /**
     * Opens and closes {@code server} so many times, each time in the middle of {@code storm}.
     *
     * @param answersFirst the answers that each closing waits for, so that its storm is at full rate
     */
    static Cycles run(int cycles, CyclingServer server, Storm storm, int answersFirst, List<String> arguments) {
        StormTally sum = StormTally.EMPTY;
        int withLoss = 0;
        for (int cycle = 0; cycle < cycles; cycle++) {
            server.open(arguments);
            storm.begin();
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> storm.tally().count(Outcome.COMPLETE) > answersFirst);
            server.closeContext();
            StormTally tally = storm.end();
            sum = sum.plus(tally);
            withLoss += (tally.lost() > 0) ? 1 : 0;
        }
        return new Cycles(cycles, withLoss, sum);
    }

    @Override
    public String toString() {
        return "%d closings, %d lost (in %d closings), %s"
                .formatted(this.cycles, this.tally.lost(), this.cyclesWithLoss, this.tally.format());
    }
}
