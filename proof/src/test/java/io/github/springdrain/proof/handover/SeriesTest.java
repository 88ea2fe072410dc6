// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.HandOver;
import io.github.springdrain.contract.ListenDrops;
import io.github.springdrain.contract.LoadTally;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.StormTally;
import io.github.springdrain.contract.Transport;
import io.github.springdrain.contract.Variant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void hasNoFaultWhereNothingIsLostRefusedOrDropped() {
        assertThat(series(true, handOver(Outcome.COMPLETE, 0)).fault()).isEmpty();
    }

    @Test
    void isFaultyWhereSomethingIsLostRefusedOrDropped() {
        assertThat(series(true, handOver(Outcome.RESET, 0)).fault()).isPresent();
        assertThat(series(true, handOver(Outcome.REFUSED, 0)).fault()).isPresent();
        assertThat(series(true, handOver(Outcome.COMPLETE, 1)).fault())
                .hasValueSatisfying((fault) -> assertThat(fault).contains("boot4-jetty", "ListenDrops 1"));
    }

    @Test
    void isFaultyWhereNothingWasUnderWayThatCouldHaveBeenLost() {
        HandOver idle = handOver(Outcome.COMPLETE, 0);
        HandOver nothing = new HandOver(1, idle.tally(), idle.listenDrops(), 0, idle.longestExit());
        assertThat(series(true, nothing).fault())
                .hasValueSatisfying((fault) -> assertThat(fault).contains("nothing was under way"));
    }

    @Test
    void isFaultyAsAControlThatLosesNothing() {
        assertThat(series(false, handOver(Outcome.REFUSED, 0)).fault())
                .hasValueSatisfying((fault) -> assertThat(fault).contains("controls nothing"));
        assertThat(series(false, handOver(Outcome.RESET, 0)).fault()).isEmpty();
    }

    @Test
    void hasACellForEachColumn() {
        assertThat(series(true, handOver(Outcome.COMPLETE, 0)).row()).hasSameSizeAs(Series.head());
    }

    private static Series series(boolean gated, HandOver handOver) {
        return new Series(new Way.Sample(Variant.BOOT4_JETTY, gated), Transport.PLAIN, List.of(handOver));
    }

    private static HandOver handOver(Outcome outcome, long drops) {
        LoadTally tally = new LoadTally(new StormTally(Map.of(outcome, 1L)), StormTally.EMPTY, Duration.ofMillis(41));
        return new HandOver(1, tally, new ListenDrops(drops + 2, 2), 3, Duration.ofMillis(500));
    }
}
