// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainFailure;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainStatus;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.testing.FakeTime;
import io.github.springdrain.testing.LogLines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A drain in fake time: {@code start} returns when it is over. */
class DrainTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** The time of the steps is real: near the deadline, each gets the least, and few are taken. */
    private static final Duration SHORT = Duration.ofMillis(60);

    private final FakeTime time = new FakeTime();

    private final ScriptedServer server = new ScriptedServer();

    private final List<String> seen = new ArrayList<>();

    private DrainEngine drain = drain(DrainSettings.DEFAULTS);

    private DrainEngine drain(DrainSettings settings) {
        DrainEngine created = new DrainEngine(settings, this.time, Runnable::run);
        created.attach(this.server);
        created.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                DrainTest.this.seen.add(phase.name());
            }

            @Override
            public void resumed() {
                DrainTest.this.seen.add("resumed");
            }

            @Override
            public void drained(DrainReport report) {
                DrainTest.this.seen.add("report " + report.outcome());
            }
        });
        return created;
    }

    private static DrainSettings settings(Duration timeout, Duration delay, DrainSettings.ConnectionClose close) {
        return settings(timeout, new DrainSettings.Announce(delay, Duration.ZERO, Duration.ZERO, close));
    }

    private static DrainSettings settings(Duration timeout, DrainSettings.Announce announce) {
        return new DrainSettings(
                timeout, announce, DrainSettings.DEFAULTS.acceptQueue(), DrainSettings.DEFAULTS.connections());
    }

    private DrainReport drainNow() {
        return reportOf(this.drain.start(DrainTrigger.CONTEXT_CLOSE));
    }

    private static DrainReport reportOf(DrainHandle run) {
        return valueOf(run.report());
    }

    private static <T> T valueOf(CompletionStage<T> stage) {
        return stage.toCompletableFuture().getNow(null);
    }

    @Test
    void runsEveryPhaseInOrderAndAsksTheServerForEachStep() {
        DrainReport report = drainNow();
        assertThat(this.seen)
                .containsExactly(
                        "ANNOUNCED",
                        "EMPTYING_ACCEPT_QUEUE",
                        "CLOSED_TO_NEW",
                        "FINISHING",
                        "DRAINED",
                        "report GRACEFUL");
        assertThat(this.server.calls).containsExactly("announce", "emptyAcceptQueue", "closeListeners", "closeIdle");
        assertThat(report.acceptQueue().rescued()).isEqualTo(3);
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.DRAINED);
    }

    @Test
    void servesOnForTheWholeAnnounceDelay() {
        this.drain = drain(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(5), DrainSettings.ConnectionClose.IMMEDIATE));
        this.time.at(
                Duration.ofMillis(4990), () -> assertThat(this.drain.phase()).isEqualTo(DrainPhase.ANNOUNCED));
        DrainReport report = drainNow();
        assertThat(report.phases().get(DrainPhase.ANNOUNCED)).isEqualTo(SECOND.multipliedBy(5));
    }

    @Test
    void quietTrafficEndsTheDelayEarlyButNotBeforeItsMinimum() {
        DrainSettings.Announce announce = new DrainSettings.Announce(
                SECOND.multipliedBy(10), SECOND.multipliedBy(2), SECOND, DrainSettings.ConnectionClose.IMMEDIATE);
        this.drain = drain(settings(Duration.ofSeconds(25), announce));
        assertThat(drainNow().phases().get(DrainPhase.ANNOUNCED)).isEqualTo(SECOND.multipliedBy(2));
    }

    @Test
    void aRequestThatBeginsOrEndsStartsTheQuietPeriodAnew() {
        DrainSettings.Announce announce = new DrainSettings.Announce(
                SECOND.multipliedBy(10), Duration.ZERO, SECOND, DrainSettings.ConnectionClose.IMMEDIATE);
        this.drain = drain(settings(Duration.ofSeconds(25), announce));
        this.time.at(Duration.ofMillis(900), () -> this.drain.arrivals().add("GET", "/hello"));
        this.time.at(Duration.ofMillis(1800), () -> this.server.requests++);
        assertThat(drainNow().phases().get(DrainPhase.ANNOUNCED))
                .isBetween(Duration.ofMillis(2800), Duration.ofMillis(2820));
        assertThat(this.drain.arrivals().isCounting()).isFalse();
    }

    @Test
    void neitherAHealthCheckNorItsConnectionStartsTheQuietPeriodAnew() {
        DrainSettings.Announce announce = new DrainSettings.Announce(
                SECOND.multipliedBy(10), Duration.ZERO, SECOND, DrainSettings.ConnectionClose.IMMEDIATE);
        this.drain = drain(settings(Duration.ofSeconds(25), announce));
        this.drain.workIs((request) -> !request.path().startsWith("/actuator"));
        this.time.at(Duration.ofMillis(500), () -> this.server.requests++);
        for (int millis = 100; millis < 1500; millis += 50) {
            this.time.at(Duration.ofMillis(millis), this::healthCheckBegins);
            this.time.at(Duration.ofMillis(millis + 20), () -> this.server.requests++);
        }
        assertThat(drainNow().phases().get(DrainPhase.ANNOUNCED))
                .isBetween(Duration.ofMillis(1500), Duration.ofMillis(1530));
    }

    private void healthCheckBegins() {
        assertThat(this.drain.arrivals().isCounting()).isTrue();
        this.server.accepted++;
        this.drain.arrivals().add("GET", "/actuator/health");
    }

    @Test
    void gradualAnnouncementGrowsFromNoneToAll() {
        this.drain = drain(settings(Duration.ofSeconds(25), SECOND, DrainSettings.ConnectionClose.GRADUAL));
        drainNow();
        assertThat(this.server.closeShares.get(0)).isZero();
        assertThat(this.server.closeShares).isSorted().endsWith(1.0);
        assertThat(this.server.closeShares.get(50)).isBetween(0.4, 0.6);
    }

    @Test
    void waitsForRequestsInServiceAndNamesNoneOfThem() {
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        this.time.at(SECOND.multipliedBy(7), () -> this.server.ends("slow"));
        DrainReport report = drainNow();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(report.duration()).isBetween(SECOND.multipliedBy(7), Duration.ofMillis(7050));
        assertThat(report.requestsCompleted()).isEqualTo(1);
        assertThat(report.aborted()).isEmpty();
    }

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
                    DrainTest.this.time.at(
                            SECOND,
                            () -> responded.add(DrainTest.this
                                    .drain
                                    .start(DrainTrigger.ENDPOINT)
                                    .responsesStarted()
                                    .toCompletableFuture()
                                    .isDone()));
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

    @Test
    void abortsWhatIsLeftBeforeTheDeadlineAndNamesIt() {
        this.server.opens("endless", ConnectionState.IN_SERVICE);
        DrainReport report = drainNow();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(report.duration()).isLessThanOrEqualTo(DrainSettings.DEFAULTS.timeout());
        assertThat(report.aborted())
                .singleElement()
                .satisfies((connection) -> assertThat(connection.requests())
                        .singleElement()
                        .extracting(RequestSnapshot::path)
                        .isEqualTo("/endless"));
        assertThat(this.server.calls).endsWith("abort");
        assertThat(this.seen).contains("FORCING").endsWith("DRAINED", "report FORCED");
    }

    @Test
    void lingeringConnectionsHoldTheEnd() {
        this.server.lingering = 1;
        this.time.at(SECOND.multipliedBy(2), () -> this.server.lingering = 0);
        assertThat(drainNow().duration()).isGreaterThanOrEqualTo(SECOND.multipliedBy(2));
    }

    @Test
    void whatWaitsOnlyForThePeersEndHoldsNothing() {
        this.server.opens("responded", ConnectionState.CLOSING);
        assertThat(drainNow().duration()).isLessThan(SECOND);
    }

    @Test
    void requestsThatAreNoWorkHoldNothingAndAreSparedByForce() {
        this.drain.workIs((request) -> !request.path().startsWith("/actuator"));
        this.server.opens("actuator", ConnectionState.IN_SERVICE);
        assertThat(drainNow().duration()).isLessThan(SECOND);
        assertThat(this.server.open).containsKey("actuator");
    }

    @Test
    void triggersThatComeLaterJoinWithTheSameDeadlineAndReport() {
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        List<DrainHandle> joined = new ArrayList<>();
        this.time.at(SECOND, () -> joined.add(this.drain.start(DrainTrigger.ENDPOINT)));
        this.time.at(SECOND.multipliedBy(2), () -> this.server.ends("slow"));
        DrainHandle run = this.drain.start(DrainTrigger.PRESTOP);
        assertThat(joined).containsExactly(run);
        assertThat(this.drain.start(DrainTrigger.CONTEXT_CLOSE)).isSameAs(run);
        assertThat(reportOf(run).trigger()).isEqualTo(DrainTrigger.PRESTOP);
        assertThat(this.seen.stream().filter("ANNOUNCED"::equals)).hasSize(1);
    }

    @Test
    void isResumedWhileAnnouncedAndServesOn() {
        this.drain = drain(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(5), DrainSettings.ConnectionClose.IMMEDIATE));
        this.time.at(SECOND, this.drain::resume);
        DrainReport report = drainNow();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.RESUMED);
        assertThat(this.server.calls).containsExactly("announce", "resume");
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
        assertThat(this.seen).containsExactly("ANNOUNCED", "resumed");
    }

    @Test
    void startsAnewAfterItWasResumed() {
        this.drain = drain(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(5), DrainSettings.ConnectionClose.IMMEDIATE));
        this.time.at(SECOND, this.drain::resume);
        DrainHandle first = this.drain.start(DrainTrigger.ENDPOINT);
        DrainHandle second = this.drain.start(DrainTrigger.CONTEXT_CLOSE);
        assertThat(second).isNotSameAs(first);
        assertThat(reportOf(second).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(second.timeline().startedAt()).isAfter(first.timeline().startedAt());
    }

    @Test
    void drainsAnewOnceItWasRenewed() {
        DrainHandle first = this.drain.start(DrainTrigger.ENDPOINT);
        this.drain.renew();
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
        DrainHandle second = this.drain.start(DrainTrigger.CONTEXT_CLOSE);
        assertThat(second).isNotSameAs(first);
        assertThat(reportOf(second).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void isNotRenewedWhileItIsUnderWay() {
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        this.time.at(SECOND, this.drain::renew);
        this.time.at(SECOND, () -> assertThat(this.drain.phase()).isEqualTo(DrainPhase.FINISHING));
        this.time.at(SECOND, () -> this.server.ends("slow"));
        assertThat(drainNow().outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void cannotBeResumedOnceTheGateIsSet() {
        this.server.opens("slow", ConnectionState.IN_SERVICE);
        List<@Nullable String> refusals = new ArrayList<>();
        this.time.at(SECOND, () -> {
            try {
                this.drain.resume();
            } catch (IllegalStateException ex) {
                refusals.add(ex.getMessage());
            }
            this.server.ends("slow");
        });
        drainNow();
        assertThat(refusals).singleElement().asString().contains("FINISHING");
    }

    @Test
    void refusesToResumeWhatWasNotStarted() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(this.drain::resume)
                .withMessageContaining("No drain");
    }

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
                        .startsWith("listener " + DrainTest.class.getName())
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
    void asksForTotalsInTheAnnouncementOnlyForAQuietPeriod() {
        this.drain = drain(settings(Duration.ofSeconds(25), SECOND, DrainSettings.ConnectionClose.IMMEDIATE));
        drainNow();
        assertThat(this.server.totalsRead).isEqualTo(2);
    }

    @Test
    void aListenerMayResumeTheDrain() {
        this.drain = drain(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(5), DrainSettings.ConnectionClose.IMMEDIATE));
        this.drain.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                DrainTest.this.drain.resume();
            }
        });
        assertThat(drainNow().outcome()).isEqualTo(DrainReport.Outcome.RESUMED);
        assertThat(this.server.calls).containsExactly("resume");
    }

    @Test
    void isUndoneWhenResumeReturns() throws InterruptedException {
        CountDownLatch announced = new CountDownLatch(1);
        DrainEngine real = new DrainEngine(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(20), DrainSettings.ConnectionClose.IMMEDIATE));
        real.attach(this.server);
        List<String> undone = new CopyOnWriteArrayList<>();
        real.addListener(new DrainListener() {

            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                announced.countDown();
            }

            @Override
            public void resumed() {
                undone.add("resumed");
            }
        });
        real.start(DrainTrigger.ENDPOINT);
        announced.await();
        real.resume();
        assertThat(undone).containsExactly("resumed");
        assertThat(this.server.calls).endsWith("resume");
    }

    @Test
    void aDrainThatBrokeOffCannotBeResumedAndIsRenewed() {
        this.drain = drain(
                settings(Duration.ofSeconds(25), SECOND.multipliedBy(5), DrainSettings.ConnectionClose.IMMEDIATE));
        this.time.at(SECOND, () -> {
            throw new StackOverflowError("for the test");
        });
        drainNow();
        assertThat(this.server.calls).contains("closeListeners");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(this.drain::resume)
                .withMessageContaining("DRAINED");
        this.drain.renew();
        assertThat(this.drain.phase()).isEqualTo(DrainPhase.RUNNING);
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
    void statusDoesNotLookAtConnectionsWhileTheDrainDoes() throws InterruptedException {
        AtomicInteger looking = new AtomicInteger();
        AtomicInteger collisions = new AtomicInteger();
        CountDownLatch scans = new CountDownLatch(50);
        DrainEngine real = new DrainEngine(DrainSettings.DEFAULTS);
        real.attach(new ScriptedServer() {

            @Override
            public List<ConnectionSnapshot> connections() {
                if (looking.incrementAndGet() > 1) {
                    collisions.incrementAndGet();
                }
                Thread.onSpinWait();
                looking.decrementAndGet();
                scans.countDown();
                return (scans.getCount() > 0) ? List.of(connection(ConnectionState.IN_SERVICE, "/")) : List.of();
            }
        });
        DrainHandle run = real.start(DrainTrigger.ENDPOINT);
        while (scans.getCount() > 0) {
            real.status();
        }
        assertThat(run.awaitReport()).isTrue();
        assertThat(collisions).hasValue(0);
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

    @Test
    void participantsArePreparedAwaitedAndForced() {
        List<String> asked = new ArrayList<>();
        this.drain.addParticipant(new DrainParticipant() {

            @Override
            public String name() {
                return "consumer";
            }

            @Override
            public void prepare(Duration remaining) {
                asked.add("prepare");
            }

            @Override
            public boolean isActive(Duration remaining) {
                return true;
            }

            @Override
            public void force() {
                asked.add("force");
            }
        });
        DrainReport report = drainNow();
        assertThat(asked).containsExactly("prepare", "force");
        assertThat(report.participantsAborted()).containsExactly("consumer");
    }

    @Test
    void statusShowsThePhaseTheDeadlineAndTheCounts() {
        this.server.opens("a", ConnectionState.IN_SERVICE);
        this.server.opens("b", ConnectionState.IN_SERVICE);
        assertThat(this.drain.status().trigger()).isNull();
        List<DrainStatus> statuses = new ArrayList<>();
        this.time.at(SECOND, () -> statuses.add(this.drain.status()));
        this.time.at(SECOND, () -> this.server.open.clear());
        drainNow();
        DrainStatus status = statuses.get(0);
        assertThat(status.phase()).isEqualTo(DrainPhase.FINISHING);
        assertThat(status.connections()).containsEntry(ConnectionState.IN_SERVICE, 2);
        assertThat(status.remaining()).isEqualTo(Duration.ofSeconds(24));
        assertThat(this.drain.status().report()).isNotNull();
    }
}
