// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.server.DrainClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainPhaseTest {

    @Test
    void onlyGoesForwardButForTheWayBackFromAnnounced() {
        for (DrainPhase from : DrainPhase.values()) {
            for (DrainPhase to : DrainPhase.values()) {
                boolean back = to.compareTo(from) <= 0;
                boolean resume = from == DrainPhase.ANNOUNCED && to == DrainPhase.RUNNING;
                assertThat(from.mayMoveTo(to) && back && !resume)
                        .as("%s to %s", from, to)
                        .isFalse();
            }
        }
    }

    @Test
    void everyPhaseButTheLastCanBeLeft() {
        for (DrainPhase from : DrainPhase.values()) {
            boolean left = false;
            for (DrainPhase to : DrainPhase.values()) {
                left |= from.mayMoveTo(to);
            }
            assertThat(left).as("%s", from).isEqualTo(from != DrainPhase.DRAINED);
        }
    }

    @Test
    void anIllegalMoveNamesBothPhases() {
        StartedDrain run = new StartedDrain(
                DrainTrigger.ENDPOINT,
                new DrainTimeline(DrainClock.SYSTEM.now(), Duration.ofSeconds(1), DrainClock.SYSTEM::nanoTime),
                new Participants(List.of(), new DrainFailures()),
                new DrainFailures());
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> run.moveTo(DrainPhase.FORCING))
                .withMessage("Cannot move from ANNOUNCED to FORCING");
    }
}
