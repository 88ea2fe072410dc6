// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.testing.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A drain whose server, listener, participant or predicates throw, in fake time. Whatever throws: the listeners are
 * closed, requests run to their end, the report comes in time, and it claims no success that was not seen.
 */
@Timeout(60)
class DrainFailureTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static final Duration REQUEST_END = SECOND.multipliedBy(3);

    private static final Duration RESUME = Duration.ofMillis(500);

    private static final DrainSettings SETTINGS = new DrainSettings(
            SECOND.multipliedBy(8),
            new DrainSettings.Announce(SECOND, Duration.ZERO, SECOND, DrainSettings.ConnectionClose.IMMEDIATE),
            DrainSettings.DEFAULTS.acceptQueue(),
            DrainSettings.DEFAULTS.connections(),
            new DrainSettings.Streams(SECOND, Duration.ZERO));

    /** Where one of these always throws, it is not known whether everything has ended. */
    private static final Set<String> ESSENTIAL =
            Set.of("connections", "lingering", "closeListeners", "participant.activeWork");

    /** These come after the report. */
    private static final Set<String> LATE = Set.of("listener.drained", "listener.resumed");

    private final FakeTime time = new FakeTime();

    private final List<DrainReport> reports = new ArrayList<>();

    private boolean requestEnded;

    static Stream<Fault> whileWorkEnds() {
        return Stream.of(
                        everyPhase("announce", DrainPhase.ANNOUNCED, DrainPhase.FINISHING),
                        everyPhase("totals", DrainPhase.ANNOUNCED, DrainPhase.DRAINED),
                        everyPhase("connections", DrainPhase.FINISHING),
                        everyPhase("lingering", DrainPhase.FINISHING),
                        Fault.of("emptyAcceptQueue", null),
                        Fault.of("closeListeners", null),
                        Fault.of("closeIdle", null),
                        everyPhase(
                                "listener.phaseEntered",
                                DrainPhase.ANNOUNCED,
                                DrainPhase.EMPTYING_ACCEPT_QUEUE,
                                DrainPhase.CLOSED_TO_NEW,
                                DrainPhase.FINISHING,
                                DrainPhase.DRAINED),
                        Fault.of("listener.streamsEnding", null),
                        Fault.of("listener.drained", null),
                        Fault.of("participant.name", null),
                        Fault.of("participant.prepare", null),
                        everyPhase("participant.activeWork", DrainPhase.ANNOUNCED, DrainPhase.FINISHING),
                        Fault.of("work", null))
                .flatMap((faults) -> faults);
    }

    static Stream<Fault> whileWorkNeverEnds() {
        return Stream.of(
                        everyPhase("listener.phaseEntered", DrainPhase.FORCING),
                        Fault.of("abort", null),
                        Fault.of("participant.force", null))
                .flatMap((faults) -> faults);
    }

    static Stream<Fault> whileResumed() {
        return Stream.of(
                        everyPhase("announce", DrainPhase.ANNOUNCED),
                        everyPhase("totals", DrainPhase.ANNOUNCED, DrainPhase.RUNNING),
                        Fault.of("resume", null),
                        Fault.of("listener.resumed", null),
                        Fault.of("participant.prepare", null),
                        Fault.of("participant.resume", null))
                .flatMap((faults) -> faults);
    }

    static Stream<Fault> outsideOfADrain() {
        return Stream.of("name", "isServing", "listeners", "connections", "totals", "abort", "work", "callers")
                .flatMap((method) -> Fault.of(method, null));
    }

    private static Stream<Fault> everyPhase(String method, DrainPhase... phases) {
        return Stream.concat(Fault.of(method, null), Stream.of(phases).flatMap((phase) -> Fault.of(method, phase)));
    }

    @ParameterizedTest
    @MethodSource("whileWorkEnds")
    void waitsForTheWorkAndClosesTheListenersWhateverThrows(Fault fault) {
        DrainEngine drain = new DrainEngine(SETTINGS, this.time, Runnable::run);
        FaultyServer server = attach(drain, fault, 0);
        server.opens("slow", ConnectionState.IN_SERVICE);
        this.time.at(REQUEST_END, () -> {
            this.requestEnded = server.open.containsKey("slow");
            server.ends("slow");
        });
        DrainReport report = drainNow(drain);
        assertThat(this.requestEnded).as("the request ended by itself").isTrue();
        assertThat(report.duration()).isBetween(REQUEST_END, SETTINGS.timeout());
        assertThat(report.outcome()).isEqualTo(expected(fault));
        assertThat(server.closeAttempts).isPositive();
        assertThat(server.closed || fault.isAlways()).isTrue();
        assertThat(drain.phase()).isEqualTo(DrainPhase.DRAINED);
        assertThatTheReportNames(fault, report);
    }

    /** What always throws in the announcement alone is seen later on, and the accept queue is emptied only once. */
    private static DrainReport.Outcome expected(Fault fault) {
        boolean blind = ESSENTIAL.contains(fault.method()) && fault.isAlways() && fault.hits() > 1;
        return (blind || fault.method().equals("emptyAcceptQueue"))
                ? DrainReport.Outcome.FORCED
                : DrainReport.Outcome.GRACEFUL;
    }

    @ParameterizedTest
    @MethodSource("whileWorkNeverEnds")
    void reportsWhatItAbortedInTimeWhateverThrows(Fault fault) {
        DrainEngine drain = new DrainEngine(SETTINGS, this.time, Runnable::run);
        FaultyServer server = attach(drain, fault, 1);
        server.opens("stuck", ConnectionState.IN_SERVICE);
        DrainReport report = drainNow(drain);
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.FORCED);
        assertThat(report.duration()).isLessThanOrEqualTo(SETTINGS.timeout());
        assertThat(report.aborted()).hasSize(1);
        assertThat(server.open.isEmpty() || fault.method().equals("abort")).isTrue();
        assertThatTheReportNames(fault, report);
    }

    @ParameterizedTest
    @MethodSource("whileResumed")
    void servesOnAfterAResumeWhateverThrows(Fault fault) {
        DrainEngine drain = new DrainEngine(SETTINGS, this.time, Runnable::run);
        FaultyServer server = attach(drain, fault, 0);
        this.time.at(RESUME, drain::resume);
        DrainReport report = reportOf(drain.start(DrainTrigger.ENDPOINT));
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.RESUMED);
        assertThat(report.duration()).isLessThan(SECOND);
        assertThat(server.closeAttempts).isZero();
        assertThat(server.calls.contains("resume") || fault.method().equals("resume"))
                .isTrue();
        assertThat(drain.phase()).isEqualTo(DrainPhase.RUNNING);
        assertThatTheReportNames(fault, report);
        assertThat(reportOf(drain.start(DrainTrigger.CONTEXT_CLOSE)).outcome()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("outsideOfADrain")
    void showsItsStateAndLetsControlRequestsEndWhateverThrows(Fault fault) throws InterruptedException {
        DrainEngine drain = new DrainEngine(SETTINGS, this.time, Runnable::run);
        FaultyServer server = attach(drain, fault, 0);
        server.opens("slow", ConnectionState.IN_SERVICE);
        assertThat(drain.status().phase()).isEqualTo(DrainPhase.RUNNING);
        drain.awaitControlRequests(SECOND);
        assertThat(this.time.elapsed()).isLessThan(SECOND.multipliedBy(2));
        drain.abortControlRequests();
    }

    private static void assertThatTheReportNames(Fault fault, DrainReport report) {
        assertThat(fault.hits()).isPositive();
        if (!LATE.contains(fault.method())) {
            assertThat(report.toString()).contains("for the test");
        }
    }

    private FaultyServer attach(DrainEngine drain, Fault fault, int pieces) {
        FaultyServer server = new FaultyServer(fault, drain::phase);
        drain.attach(server);
        drain.workIs((request) -> {
            fault.in("work", drain.phase());
            return true;
        });
        drain.callersAre((request) -> {
            fault.in("callers", drain.phase());
            return true;
        });
        drain.addListener(new FaultyListener(drain, fault));
        drain.addListener(new DrainListener() {

            @Override
            public void drained(DrainReport report) {
                DrainFailureTest.this.reports.add(report);
            }
        });
        drain.addParticipant(new FaultyParticipant(drain, fault, pieces));
        return server;
    }

    private DrainReport drainNow(DrainEngine drain) {
        DrainReport report = reportOf(drain.start(DrainTrigger.CONTEXT_CLOSE));
        assertThat(this.reports).containsExactly(report);
        return report;
    }

    private static DrainReport reportOf(DrainHandle run) {
        DrainReport report = run.report().toCompletableFuture().getNow(null);
        assertThat(report).as("the report").isNotNull();
        return report;
    }

    private record FaultyListener(DrainEngine drain, Fault fault) implements DrainListener {

        @Override
        public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
            this.fault.in("listener.phaseEntered", phase);
        }

        @Override
        public void streamsEnding(DrainTimeline timeline) {
            this.fault.in("listener.streamsEnding", this.drain.phase());
        }

        @Override
        public void resumed() {
            this.fault.in("listener.resumed", this.drain.phase());
        }

        @Override
        public void drained(DrainReport report) {
            this.fault.in("listener.drained", this.drain.phase());
        }
    }

    private record FaultyParticipant(DrainEngine drain, Fault fault, int pieces) implements DrainParticipant {

        @Override
        public String name() {
            in("name");
            return "faulty";
        }

        private void in(String method) {
            this.fault.in("participant." + method, this.drain.phase());
        }

        @Override
        public void prepare(Duration remaining) {
            in("prepare");
        }

        @Override
        public void resume() {
            in("resume");
        }

        @Override
        public boolean isActive(Duration remaining) {
            in("activeWork");
            return this.pieces > 0;
        }

        @Override
        public void force() {
            in("force");
        }
    }
}
