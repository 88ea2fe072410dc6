// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a drain in fake time lets the application stop what it has started itself. */
class ApplicationTurnTest extends FakeTimeDrain {

    @Test
    void everyStateThatMayAwaitAResponseHoldsTheApplicationsTurnAndTheEnd() {
        for (ConnectionState state : ConnectionState.values()) {
            assertThat(state.isAwaitingResponse() && !state.isUnfinished())
                    .as("%s", state)
                    .isFalse();
        }
        this.server.opens("half", ConnectionState.READING_HEAD);
        this.time.at(SECOND, () -> this.server.ends("half"));
        assertThat(drainNow().duration()).isGreaterThanOrEqualTo(SECOND);
    }

    @Test
    void aStreamHoldsTheEndButNotTheApplicationsTurn() {
        this.server.opens("stream", ConnectionState.RESPONDING);
        List<Boolean> responded = new ArrayList<>();
        this.drain.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                if (phase == DrainPhase.FINISHING) {
                    ApplicationTurnTest.this.time.at(SECOND, () -> responded.add(hasResponse()));
                }
            }
        });
        this.time.at(SECOND.multipliedBy(3), () -> this.server.ends("stream"));
        assertThat(drainNow().duration()).isGreaterThanOrEqualTo(SECOND.multipliedBy(3));
        assertThat(responded).containsExactly(true);
    }

    @Test
    void givesTheApplicationItsTurnAlthoughARequestHasNoResponse() {
        this.server.opens("longpoll", ConnectionState.IN_SERVICE);
        List<Boolean> responded = new ArrayList<>();
        this.time.at(SECOND.multipliedBy(19), () -> responded.add(hasResponse()));
        this.time.at(SECOND.multipliedBy(21), () -> responded.add(hasResponse()));
        drainNow();
        assertThat(responded).containsExactly(false, true);
    }

    @Test
    void givesTheApplicationItsTurnWhenNoThreadServesWhatHasNoResponse() {
        this.server.opensSuspended("longpoll");
        List<Boolean> responded = new ArrayList<>();
        this.time.at(Duration.ofMillis(900), () -> responded.add(hasResponse()));
        this.time.at(Duration.ofMillis(1100), () -> responded.add(hasResponse()));
        this.time.at(SECOND.multipliedBy(2), () -> this.server.ends("longpoll"));
        DrainReport report = drainNow();
        assertThat(responded).containsExactly(false, true);
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void keepsTheApplicationWholeWhileAThreadServesAnyRequest() {
        this.server.opensSuspended("longpoll");
        this.server.opens("working", ConnectionState.IN_SERVICE);
        List<Boolean> responded = new ArrayList<>();
        this.time.at(SECOND.multipliedBy(3), () -> this.server.ends("working"));
        this.time.at(Duration.ofMillis(3900), () -> responded.add(hasResponse()));
        this.time.at(Duration.ofMillis(4100), () -> responded.add(hasResponse()));
        drainNow();
        assertThat(responded).containsExactly(false, true);
    }

    @Test
    void keepsTheApplicationWholeWhileARequestIsOnItsWay() {
        this.server.opensSuspended("longpoll");
        this.server.opens("half", ConnectionState.READING_HEAD);
        List<Boolean> responded = new ArrayList<>();
        this.time.at(SECOND.multipliedBy(19), () -> responded.add(hasResponse()));
        drainNow();
        assertThat(responded).containsExactly(false);
    }

    private boolean hasResponse() {
        return this.drain
                .start(DrainTrigger.ENDPOINT)
                .responsesStarted()
                .toCompletableFuture()
                .isDone();
    }
}
