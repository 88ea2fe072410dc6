// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainFailure;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.testing.LogLines;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A drain in fake time goes on, whichever step throws, never returns or is interrupted. */
class FailingStepTest extends FakeTimeDrain {

    /** The time of the steps is real: near the deadline, each gets the least, and few are taken. */
    private static final Duration SHORT = Duration.ofMillis(60);

    @Test
    void aListenerThatThrowsStopsNothing() {
        this.drain.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                throw new IllegalStateException("not today");
            }
        });
        assertThat(drainNow().outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void aServerStepThatThrowsIsFollowedByTheNext() {
        ScriptedServer failing = new ScriptedServer() {

            @Override
            public AcceptQueueOutcome emptyAcceptQueue(AcceptQueueLimits settings, Duration remaining) {
                throw new IllegalStateException("kernel says no");
            }
        };
        this.drain.attach(failing);
        DrainReport report = drainNow();
        assertThat(report.acceptQueue().complete()).isFalse();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(failing.calls).contains("closeListeners");
    }

    @Test
    void aServerThatFailsForGoodStillYieldsAReport() {
        ScriptedServer failing = new ScriptedServer() {

            @Override
            public void closeListeners(Duration remaining) {
                throw new StackOverflowError("for the test");
            }
        };
        this.drain.attach(failing);
        assertThat(drainNow().outcome()).isEqualTo(DrainReport.Outcome.FORCED);
    }

    @Test
    void goesOnWithoutACloseOfTheListenersThatNeverReturns() {
        CountDownLatch release = new CountDownLatch(1);
        ScriptedServer stuck = new ScriptedServer() {

            @Override
            public void closeListeners(Duration remaining) {
                assertThat(remaining).isEqualTo(Duration.ofMillis(900));
                try {
                    release.await();
                } catch (InterruptedException ex) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        this.drain = drain(settings(SECOND, Duration.ZERO, DrainSettings.ConnectionClose.IMMEDIATE));
        this.drain.attach(stuck);
        DrainReport report = drainNow();
        release.countDown();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(report.duration()).isLessThanOrEqualTo(SECOND);
        assertThat(report.failures())
                .containsExactly(new DrainFailure(
                        "closeListeners", 1, "java.util.concurrent.TimeoutException: has not returned within 1400 ms"));
    }

    @Test
    void goesOnWithoutAStepOfTheServerThatNeverReturns() {
        for (String step : List.of("announce", "closeIdle", "connections", "lingering", "totals", "abort")) {
            CountDownLatch release = new CountDownLatch(1);
            FaultyServer stuck = new FaultyServer(Fault.blocking(step, release), () -> DrainPhase.RUNNING);
            if (!step.equals("lingering")) {
                stuck.opens("slow", ConnectionState.IN_SERVICE);
            }
            this.drain = drain(settings(SHORT, Duration.ZERO, DrainSettings.ConnectionClose.IMMEDIATE));
            this.drain.attach(stuck);
            DrainReport report = drainNow();
            release.countDown();
            assertThat(report.outcome()).as(step).isEqualTo(DrainReport.Outcome.FORCED);
            assertThat(report.duration()).as(step).isLessThanOrEqualTo(SHORT);
            assertThat(stuck.calls).as(step).contains("closeListeners");
            assertThat(stuck.calls.contains("abort") || step.equals("abort")).isTrue();
            assertThat(report.failures())
                    .as(step)
                    .singleElement()
                    .satisfies((failure) -> assertThat(failure.step()).isEqualTo(step))
                    .satisfies((failure) -> assertThat(failure.count()).isEqualTo(1))
                    .satisfies((failure) -> assertThat(failure.reason()).contains("has not returned within "));
        }
    }

    @Test
    void goesOnWithoutAListenerThatNeverReturns() {
        CountDownLatch release = new CountDownLatch(1);
        List<DrainPhase> entered = new CopyOnWriteArrayList<>();
        this.drain = drain(settings(SECOND, Duration.ZERO, DrainSettings.ConnectionClose.IMMEDIATE));
        this.drain.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                entered.add(phase);
                Fault.blocking("phaseEntered", release).in("phaseEntered", phase);
            }
        });
        DrainReport report = drainNow();
        release.countDown();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(this.seen).endsWith("DRAINED", "report GRACEFUL");
        assertThat(entered).containsExactly(DrainPhase.ANNOUNCED);
        assertThat(report.failures())
                .singleElement()
                .satisfies((failure) -> assertThat(failure.step())
                        .startsWith("listener " + FailingStepTest.class.getName())
                        .endsWith(": phaseEntered"))
                .satisfies((failure) -> assertThat(failure.reason()).contains("has not returned within 900 ms"));
    }

    @Test
    void stopsWaitingForControlRequestsThatCannotBeSeen() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        this.drain.attach(new FaultyServer(Fault.blocking("connections", release), () -> DrainPhase.RUNNING));
        assertThat(this.drain.awaitControlRequests(Duration.ofMillis(100))).isFalse();
        release.countDown();
    }

    @Test
    void logsAFailureOnceAndCountsTheRest() {
        this.drain.attach(new ScriptedServer() {

            @Override
            public List<ConnectionSnapshot> connections() {
                throw new IllegalStateException("for the test");
            }
        });
        try (LogLines log = new LogLines(DrainFailures.class)) {
            DrainReport report = drainNow();
            assertThat(log.warn()).containsExactly("Drain step 'connections' failed; the drain goes on");
            assertThat(report.failures())
                    .singleElement()
                    .satisfies((failure) -> assertThat(failure.count()).isGreaterThan(1000));
            assertThat(report.summary()).contains("; failed: connections ").endsWith(" times");
        }
    }

    @Test
    void runsOnTheThreadThatStartsItWhereNoOtherCanBeCreated() {
        DrainEngine threadless = new DrainEngine(DrainSettings.DEFAULTS, this.time, (sequence) -> {
            throw new OutOfMemoryError("for the test");
        });
        threadless.attach(this.server);
        assertThat(reportOf(threadless.start(DrainTrigger.CONTEXT_CLOSE)).outcome())
                .isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void anInterruptOfTheDrainsThreadAbortsNothing() {
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        this.drain.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                Thread.currentThread().interrupt();
            }
        });
        this.time.at(SECOND.multipliedBy(2), () -> this.server.ends("slow"));
        DrainReport report = drainNow();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(report.duration()).isBetween(SECOND.multipliedBy(2), SECOND.multipliedBy(3));
        assertThat(this.server.calls).doesNotContain("abort");
    }

    @Test
    void aStatusThatCannotSeeTheConnectionsSaysSoAndLogsItOnce() {
        this.drain.attach(new ScriptedServer() {

            @Override
            public List<ConnectionSnapshot> connections() {
                throw new NoClassDefFoundError("for the test");
            }
        });
        try (LogLines log = new LogLines(DrainFailures.class)) {
            this.drain.status();
            assertThat(this.drain.status().failures())
                    .containsExactly(
                            new DrainFailure("connections", 2, "java.lang.NoClassDefFoundError: for the test"));
            assertThat(log.warn()).hasSize(1);
        }
    }
}
