// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.ServerTotals;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes one drain through its phases, on the drain's own thread. Everything it calls is guarded: what fails, or does
 * not return in time, is noted and the next step follows, so that the listeners are always closed and the report always
 * comes. What cannot be found out counts as unfinished.
 */
final class DrainSequence implements Runnable {

    /** How often a phase looks again: short against every grace, long against the cost of a scan. */
    private static final Duration TICK = Duration.ofMillis(10);

    /** What a step gets although the time is over. */
    private static final Duration SHORTEST_STEP = Duration.ofMillis(500);

    /** What a call gets that ought to return at once, or has no other limit. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(5);

    private static final Duration LONGEST_RESUME = Duration.ofSeconds(1);

    /** How much later than asked for a step may return before the drain goes on without it. */
    private static final Duration LATENESS = Duration.ofSeconds(2);

    private final DrainEngine drain;

    private final StartedDrain started;

    private final @Nullable StartedDrain previous;

    private final DrainTimeline timeline;

    private final DrainableServer server;

    private final GuardedSteps steps;

    private final BoundedSteps boundedSteps;

    private final Participants participants;

    private volatile boolean listenersClosed;

    private final Map<DrainPhase, Duration> phases = new EnumMap<>(DrainPhase.class);

    private Duration phaseStart = Duration.ZERO;

    private Optional<ServerTotals> before = Optional.empty();

    private AcceptQueueOutcome acceptQueue = AcceptQueueOutcome.NOTHING;

    private List<ConnectionSnapshot> aborted = List.of();

    private boolean complete;

    /**
     * Creates the sequence.
     *
     * @param previous a drain that was resumed, and whose thread may still be undoing its announcement
     */
    DrainSequence(DrainEngine drain, StartedDrain started, @Nullable StartedDrain previous) {
        this.drain = drain;
        this.started = started;
        this.previous = previous;
        this.timeline = started.timeline();
        this.server = drain.server();
        this.steps = new GuardedSteps(started.failures());
        this.boundedSteps = BoundedSteps.of(started);
        this.participants = started.participants();
    }

    @Override
    public void run() {
        this.started.owns(Thread.currentThread());
        try {
            this.steps.run("drain", this::runPhases);
        } finally {
            finish();
        }
    }

    private void runPhases() {
        this.steps.run("resume of the drain before", this::awaitPrevious);
        this.before = totals();
        entered(DrainPhase.ANNOUNCED);
        this.steps.run("participants", () -> this.participants.prepare(this.started.untilForce()));
        this.steps.run("announcement", this::announce);
        leave(DrainPhase.ANNOUNCED);
        if (!this.started.leaveAnnounced(DrainPhase.EMPTYING_ACCEPT_QUEUE)) {
            resume();
            return;
        }
        entered(DrainPhase.EMPTYING_ACCEPT_QUEUE);
        this.acceptQueue = emptyAcceptQueue();
        moveTo(DrainPhase.CLOSED_TO_NEW);
        closeListeners();
        moveTo(DrainPhase.FINISHING);
        this.steps.run("finish", this::finishWork);
        boolean forced = force();
        moveTo(DrainPhase.DRAINED);
        this.complete = !forced && isAcceptQueueServed();
    }

    /** Whether no connection that the kernel had completed may be lost. A handshake that a client never ends is none. */
    private boolean isAcceptQueueServed() {
        boolean known = !this.acceptQueue.level().equals(AcceptQueueOutcome.UNKNOWN.level());
        return known && this.acceptQueue.notAccepted() == 0;
    }

    private void awaitPrevious() throws InterruptedException {
        if (this.previous != null) {
            this.previous.awaitEnd(this.timeline.remaining().toNanos());
        }
    }

    /** Keeps announcing until the delay is over, traffic is quiet, or the drain is resumed. */
    private void announce() throws InterruptedException {
        DrainSettings.Announce settings = this.drain.settings().announce();
        QuietPeriod quiet = new QuietPeriod(settings, this::totals, this.drain.arrivals());
        try {
            announce(settings, quiet);
        } finally {
            quiet.end();
        }
        if (!this.started.isResumed()) {
            this.participants.await(this.started.untilForce());
        }
    }

    private void announce(DrainSettings.Announce settings, QuietPeriod quiet) {
        while (!this.started.isResumed()) {
            Duration elapsed = this.timeline.elapsed();
            runBounded("announce", () -> this.server.announce(closeShare(settings, elapsed)));
            Duration left = settings.delay().minus(elapsed);
            boolean over = this.drain.isAnnounceDelaySkipped()
                    || left.isNegative()
                    || left.isZero()
                    || this.started.untilForce().isZero();
            if (over || quiet.isQuiet(elapsed)) {
                return;
            }
            pause(shorter(left, TICK));
        }
    }

    private static double closeShare(DrainSettings.Announce settings, Duration elapsed) {
        return switch (settings.connectionClose()) {
            case IMMEDIATE -> 1;
            case NEVER -> 0;
            case GRADUAL ->
                settings.delay().isZero()
                        ? 1
                        : Math.min(
                                1, (double) elapsed.toNanos() / settings.delay().toNanos());
        };
    }

    private void resume() {
        this.boundedSteps.run("resume", LONGEST_RESUME, this.server::resume);
        this.steps.run("participants", () -> this.participants.resume(this.started.untilForce()));
    }

    private AcceptQueueOutcome emptyAcceptQueue() {
        AcceptQueueLimits settings = this.drain.settings().acceptQueue();
        Duration remaining = this.started.untilForce();
        return this.boundedSteps
                .get(
                        "emptyAcceptQueue",
                        settings.longest(remaining).plus(LATENESS),
                        () -> this.server.emptyAcceptQueue(settings, remaining))
                .orElse(AcceptQueueOutcome.UNKNOWN);
    }

    /** Closes what is not closed yet; a call that has not returned is not waited for again. */
    private void closeListeners() {
        if (!this.listenersClosed) {
            Duration budget = stepBudget();
            this.boundedSteps.run("closeListeners", budget.plus(SHORTEST_STEP), () -> {
                this.server.closeListeners(budget);
                this.listenersClosed = true;
            });
        }
    }

    private Duration stepBudget() {
        return longer(shorter(this.started.untilForce(), LONGEST_STEP), SHORTEST_STEP);
    }

    private void runBounded(String step, GuardedSteps.Action action) {
        this.boundedSteps.run(step, stepBudget(), action);
    }

    private <T> Optional<T> getBounded(String step, GuardedSteps.Query<T> query) {
        return this.boundedSteps.get(step, stepBudget(), query);
    }

    private void notifyListeners(String method, Consumer<DrainListener> call) {
        this.drain.listeners().notify(this.boundedSteps, this::stepBudget, method, call);
    }

    /** Lets everything run to its end, until the application has to be given its turn and then until the deadline. */
    private void finishWork() {
        Runnable notification =
                () -> notifyListeners("streamsEnding", (listener) -> listener.streamsEnding(this.timeline));
        try (StreamTermination streams = new StreamTermination(this.drain, this.started, notification)) {
            finishWork(streams);
        }
    }

    private void finishWork(StreamTermination streams) {
        ApplicationTurn turn = new ApplicationTurn(this.timeline);
        boolean wasDone = this.participants.isEmpty();
        while (!this.started.untilForce().isZero()) {
            closeListeners();
            runBounded("announce", () -> this.server.announce(1));
            runBounded("closeIdle", () -> closeIdle(streams.connectionLimits()));
            this.steps.run("endStreams", streams::endStreams);
            // A participant may hold work that a request waits for, so it is asked before the requests are looked at.
            boolean participantsActive = areParticipantsActive();
            Optional<List<ConnectionSnapshot>> left = unfinished();
            if (turn.hasCome(left)) {
                this.started.completeResponsesStarted();
            }
            if (turn.isDue(left)) {
                this.started.completeSuspendedResponsesStarted();
            }
            boolean done = isNothing(left) && !participantsActive && this.listenersClosed && !isLingering();
            // A request may hand on work after the participants were asked and end before connections are looked at.
            if (done && wasDone) {
                return;
            }
            wasDone = done || this.participants.isEmpty();
            pause(TICK);
        }
    }

    private void closeIdle(IdleLimits limits) {
        this.drain.scans().run(() -> this.server.closeIdle(limits));
    }

    private static boolean isNothing(Optional<List<ConnectionSnapshot>> left) {
        return left.isPresent() && left.get().isEmpty();
    }

    /** Aborts what is left, or may be; returns whether there was anything. */
    private boolean force() {
        Optional<List<ConnectionSnapshot>> left = unfinished();
        boolean participantsActive = areParticipantsActive();
        if (isNothing(left) && !participantsActive && this.listenersClosed && !isLingering()) {
            return false;
        }
        this.aborted = left.orElse(List.of()).stream()
                .filter((connection) -> connection.state() != ConnectionState.IDLE)
                .toList();
        moveTo(DrainPhase.FORCING);
        this.boundedSteps.run("abort", longer(this.timeline.remaining(), SHORTEST_STEP), this::abort);
        // Only now: a streaming task that is interrupted may end its response as if it were complete.
        this.steps.run("participants", this.participants::force);
        return true;
    }

    private void abort() {
        this.drain.scans().run(() -> this.server.abort((connection) -> !isWork(connection)));
    }

    private boolean areParticipantsActive() {
        return this.steps
                .get("participants", () -> this.participants.areActive(this.started.untilForce()))
                .orElse(true);
    }

    /** What the drain waits for; empty where that is not known. */
    private Optional<List<ConnectionSnapshot>> unfinished() {
        return getBounded(
                "connections",
                () -> this.drain.scans().take(this.server::connections).stream()
                        .filter((connection) -> connection.state().isUnfinished())
                        .filter(this::isWork)
                        .toList());
    }

    private boolean isWork(ConnectionSnapshot connection) {
        return this.drain.isWork(connection, this.started.failures());
    }

    private boolean isLingering() {
        return getBounded("lingering", this.server::lingering).orElse(1) > 0;
    }

    private Optional<ServerTotals> totals() {
        return getBounded("totals", this.server::totals);
    }

    private void moveTo(DrainPhase next) {
        leave(this.started.phase());
        this.started.moveTo(next);
        entered(next);
    }

    private void entered(DrainPhase phase) {
        notifyListeners("phaseEntered", (listener) -> listener.phaseEntered(phase, this.timeline));
    }

    private void leave(DrainPhase phase) {
        Duration now = this.timeline.elapsed();
        this.phases.put(phase, now.minus(this.phaseStart));
        this.phaseStart = now;
    }

    private void finish() {
        this.steps.run("participants", () -> this.participants.end(this.started.isResumed()));
        DrainReport report = report();
        try {
            // Listeners first: a caller that waits for the report may end the process at once.
            if (report.outcome() == DrainReport.Outcome.RESUMED) {
                notifyListeners("resumed", DrainListener::resumed);
            } else {
                notifyListeners("drained", (listener) -> listener.drained(report));
            }
        } finally {
            this.boundedSteps.close();
            this.started.end(report);
        }
    }

    private DrainReport report() {
        Optional<ServerTotals> after = totals();
        return new DrainReport(
                outcome(),
                this.started.trigger(),
                serverName(),
                this.timeline.startedAt(),
                this.timeline.elapsed(),
                this.phases,
                this.acceptQueue,
                difference(this.before.map(ServerTotals::accepted), after.map(ServerTotals::accepted)),
                difference(this.before.map(ServerTotals::requests), after.map(ServerTotals::requests)),
                this.aborted,
                this.participants.reports(),
                this.started.failures().list());
    }

    private @Nullable String serverName() {
        return this.server.isDrained()
                ? this.steps.get("name", this.server::name).orElse("unknown")
                : null;
    }

    private static long difference(Optional<Long> from, Optional<Long> to) {
        return (from.isPresent() && to.isPresent()) ? to.get() - from.get() : DrainReport.UNKNOWN;
    }

    private DrainReport.Outcome outcome() {
        if (this.started.isResumed()) {
            return DrainReport.Outcome.RESUMED;
        }
        return this.complete ? DrainReport.Outcome.GRACEFUL : DrainReport.Outcome.FORCED;
    }

    private void pause(Duration duration) {
        try {
            this.drain.clock().pause(duration.toNanos());
        } catch (InterruptedException ex) {
            // Requests must not pay for it.
            this.started.failures().add("pause", ex);
        }
    }

    private static Duration shorter(Duration first, Duration second) {
        return (first.compareTo(second) < 0) ? first : second;
    }

    private static Duration longer(Duration first, Duration second) {
        return (first.compareTo(second) > 0) ? first : second;
    }
}
