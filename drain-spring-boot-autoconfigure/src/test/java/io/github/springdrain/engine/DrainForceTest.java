// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.server.DrainClock;
import io.github.springdrain.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A drain that is not given the time it has, in fake time. */
class DrainForceTest extends FakeTimeDrain {

    @Test
    void abortsAtOnceWhatIsLeft() {
        DrainEngine drain = drain(Duration.ZERO);
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        this.time.at(SECOND, () -> drain.start(DrainTrigger.CONTEXT_CLOSE).force());
        DrainReport report = reportOf(drain.start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(report.duration()).isBetween(SECOND, Duration.ofMillis(1100));
        assertThat(report.aborted()).hasSize(1);
        assertThat(report.phases()).containsKey(DrainPhase.FORCING);
    }

    @Test
    void skipsTheRestOfTheAnnouncementAndStillClosesTheListeners() {
        DrainEngine drain = drain(SECOND.multipliedBy(10));
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        this.time.at(SECOND, () -> drain.start(DrainTrigger.CONTEXT_CLOSE).force());
        DrainReport report = reportOf(drain.start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(report.duration()).isBetween(SECOND, Duration.ofMillis(1100));
        assertThat(this.server.calls).containsExactly("announce", "emptyAcceptQueue", "closeListeners", "abort");
    }

    @Test
    void abortsNothingWhereNothingIsLeft() {
        DrainEngine drain = drain(SECOND.multipliedBy(10));
        this.time.at(SECOND, () -> drain.start(DrainTrigger.CONTEXT_CLOSE).force());
        DrainReport report = reportOf(drain.start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(this.server.calls).doesNotContain("abort");
    }

    @Test
    void doesNotCallItGracefulWhereConnectionsWereLeftInTheAcceptQueue() {
        this.server.acceptQueueOutcome = new AcceptQueueOutcome("POLLING", "", 3, 0, 2, false, false);
        DrainReport report = reportOf(drain(Duration.ZERO).start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(report.summary()).contains("2 connections left in the accept queue at its limit");
    }

    @Test
    void doesNotCallItGracefulWhereTheAcceptQueueCouldNotBeSeen() {
        this.server.acceptQueueOutcome = new AcceptQueueOutcome("unknown", "no descriptors", 0, 0, 0, true, false);
        DrainReport report = reportOf(drain(Duration.ZERO).start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(report.summary()).contains("what was left in the accept queue is not known");
    }

    @Test
    void callsItGracefulWhereClientsHaveNotEndedTheirHandshakes() {
        this.server.acceptQueueOutcome = new AcceptQueueOutcome("POLLING", "", 3, 2, 0, false, false);
        DrainReport report = reportOf(drain(Duration.ZERO).start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void changesNothingOnceTheDrainIsOver() {
        DrainEngine drain = drain(Duration.ZERO);
        DrainHandle run = drain.start(DrainTrigger.CONTEXT_CLOSE);
        run.force();
        assertThat(reportOf(run).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    /** The wall clock is for people; what it does meanwhile changes neither the phases nor the deadline. */
    @ParameterizedTest
    @ValueSource(longs = {3 * 86_400, -86_400})
    void keepsItsDeadlineWhereTheWallClockJumps(long seconds) {
        FakeTime jumping = new FakeTime();
        AtomicLong offset = new AtomicLong();
        DrainClock clock = new DrainClock() {

            @Override
            public long nanoTime() {
                return jumping.nanoTime();
            }

            @Override
            public void pause(long nanos) {
                jumping.pause(nanos);
            }

            @Override
            public Instant now() {
                return jumping.now().plusSeconds(offset.get());
            }
        };
        DrainEngine drain = new DrainEngine(settings(SECOND), clock, Runnable::run);
        drain.attach(this.server);
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        jumping.at(Duration.ofMillis(500), () -> offset.set(seconds));
        jumping.at(SECOND.multipliedBy(5), () -> this.server.ends("slow"));
        DrainReport report = reportOf(drain.start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(report.duration()).isBetween(SECOND.multipliedBy(5), Duration.ofMillis(5100));
        assertThat(report.startedAt()).isEqualTo(Instant.EPOCH);
    }

    private DrainEngine drain(Duration delay) {
        return drain(settings(delay));
    }

    private static DrainSettings settings(Duration delay) {
        return settings(SECOND.multipliedBy(25), delay, DrainSettings.ConnectionClose.IMMEDIATE);
    }
}
