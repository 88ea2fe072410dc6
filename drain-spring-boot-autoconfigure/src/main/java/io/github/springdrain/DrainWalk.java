package io.github.springdrain;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks one drain through its phases, on the drain's own thread. Every step of the server is guarded: a step that fails
 * is logged and the next one follows, so that the report always comes.
 */
final class DrainWalk implements Runnable {

    private static final Logger logger = LoggerFactory.getLogger(DrainWalk.class);

    /** How often a phase looks again: short against every grace, long against the cost of a scan. */
    private static final Duration TICK = Duration.ofMillis(10);

    private final Drain drain;

    private final DrainRun run;

    private final @Nullable DrainRun previous;

    private final DrainTimeline timeline;

    private final DrainableServer server;

    private final Map<DrainPhase, Duration> phases = new EnumMap<>(DrainPhase.class);

    private Duration phaseStart = Duration.ZERO;

    private AcceptQueueOutcome acceptQueue = AcceptQueueOutcome.NOTHING;

    private List<ConnectionSnapshot> cut = List.of();

    private final Participants participants;

    /**
     * Creates the walk.
     *
     * @param previous a drain that was taken back, and whose thread may still be undoing its announcement
     */
    DrainWalk(Drain drain, DrainRun run, @Nullable DrainRun previous) {
        this.drain = drain;
        this.run = run;
        this.previous = previous;
        this.timeline = run.timeline();
        this.server = drain.server();
        this.participants = run.participants();
    }

    @Override
    public void run() {
        ServerTotals before = this.server.totals();
        try {
            if (this.previous != null) {
                this.previous.awaitEnd(this.timeline.remaining().toNanos());
            }
            walk();
        } catch (InterruptedException ex) {
            logger.warn("The drain was interrupted in phase {}; what is left of it is skipped", this.run.phase());
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error ex) {
            logger.error("The drain failed in phase {}; what is left of it is skipped", this.run.phase(), ex);
        } finally {
            finish(before);
        }
    }

    private void walk() throws InterruptedException {
        entered(DrainPhase.ANNOUNCED);
        this.participants.prepare(this.run.untilForce());
        announce();
        this.participants.await(this.run.untilForce());
        leave(DrainPhase.ANNOUNCED);
        if (!this.run.leaveAnnounced(DrainPhase.EMPTYING_ACCEPT_QUEUE)) {
            takeBack();
            return;
        }
        entered(DrainPhase.EMPTYING_ACCEPT_QUEUE);
        this.acceptQueue = guard(
                "emptyAcceptQueue",
                () -> this.server.emptyAcceptQueue(this.drain.settings().acceptQueue(), this.run.untilForce()),
                AcceptQueueOutcome.NOTHING);
        moveTo(DrainPhase.CLOSED_TO_NEW);
        guard("closeListeners", this.server::closeListeners);
        moveTo(DrainPhase.FINISHING);
        try (LongLived longLived = new LongLived(this.drain, this.run)) {
            finishWork(longLived);
            force();
        }
    }

    /** Keeps announcing until the delay is over, traffic is quiet, or the drain is taken back. */
    private void announce() throws InterruptedException {
        DrainSettings.Announce settings = this.drain.settings().announce();
        QuietTraffic quiet = new QuietTraffic(settings, this.server.totals(), this.drain.arrivals());
        try {
            announce(settings, quiet);
        } finally {
            quiet.end();
        }
    }

    private void announce(DrainSettings.Announce settings, QuietTraffic quiet) throws InterruptedException {
        while (!this.run.isTakenBack()) {
            Duration elapsed = this.timeline.elapsed();
            guard("announce", () -> this.server.announce(closeShare(settings, elapsed)));
            Duration left = settings.delay().minus(elapsed);
            boolean over = this.drain.isAnnounceDelaySkipped()
                    || left.isNegative()
                    || left.isZero()
                    || this.run.untilForce().isZero();
            if (over || quiet.isQuiet(elapsed, this.server.totals())) {
                return;
            }
            pause((left.compareTo(TICK) < 0) ? left : TICK);
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

    private void takeBack() throws InterruptedException {
        guard("resume", this.server::resume);
        this.participants.resume(this.run.untilForce());
    }

    /** Lets everything run to its end, until the application has to be given its turn and then until the deadline. */
    private void finishWork(LongLived longLived) throws InterruptedException {
        boolean wasDone = this.participants.isEmpty();
        while (!this.run.untilForce().isZero()) {
            guard("announce", () -> this.server.announce(1));
            guard("closeIdle", () -> this.server.closeIdle(longLived.connectionLimits()));
            guard("endStreams", longLived::endStreams);
            // A participant may hold work that a request waits for, so it is asked before the requests are looked at.
            boolean participantsActive = this.participants.areActive(this.run.untilForce());
            List<ConnectionSnapshot> left = unfinished();
            boolean unanswered =
                    left.stream().anyMatch((connection) -> connection.state().isUnanswered());
            if (!unanswered || this.timeline.untilApplicationTurn().isZero()) {
                this.run.completeAnswered();
            }
            boolean done = left.isEmpty() && !participantsActive && lingering() == 0;
            // A request may hand on work after the participants were asked and end before connections are looked at.
            if (done && wasDone) {
                return;
            }
            wasDone = done || this.participants.isEmpty();
            pause(TICK);
        }
    }

    private void force() throws InterruptedException {
        List<ConnectionSnapshot> left = unfinished();
        boolean participantsActive = this.participants.areActive(this.run.untilForce());
        if (!left.isEmpty() || participantsActive || lingering() > 0) {
            this.cut = left.stream()
                    .filter((connection) -> connection.state() != ConnectionState.IDLE)
                    .toList();
            moveTo(DrainPhase.FORCING);
            guard("abort", () -> this.server.abort((connection) -> !this.drain.isWork(connection)));
            // Only now: a streaming task that is interrupted may end its response as if it were complete.
            this.participants.force();
        }
        moveTo(DrainPhase.DRAINED);
    }

    private List<ConnectionSnapshot> unfinished() {
        return guard("connections", this.server::connections, List.<ConnectionSnapshot>of()).stream()
                .filter((connection) -> connection.state().isUnfinished())
                .filter(this.drain::isWork)
                .toList();
    }

    private int lingering() {
        return guard("totals", this.server::totals, new ServerTotals(0, 0, 0)).lingering();
    }

    private void moveTo(DrainPhase next) {
        leave(this.run.phase());
        this.run.moveTo(next);
        entered(next);
    }

    private void entered(DrainPhase phase) {
        this.drain.audience().tell((listener) -> listener.phaseEntered(phase, this.timeline));
    }

    private void leave(DrainPhase phase) {
        Duration now = this.timeline.elapsed();
        this.phases.put(phase, now.minus(this.phaseStart));
        this.phaseStart = now;
    }

    private void finish(ServerTotals before) {
        this.participants.end(this.run.isTakenBack());
        DrainReport report = report(before);
        // The audience first: who waits for the report may end the process at once.
        if (report.outcome() == DrainReport.Outcome.RESUMED) {
            this.drain.audience().tell(DrainListener::resumed);
        } else {
            this.drain.audience().tell((listener) -> listener.drained(report));
        }
        this.run.end(report);
    }

    private DrainReport report(ServerTotals before) {
        ServerTotals after = guard("totals", this.server::totals, before);
        return new DrainReport(
                outcome(),
                this.run.trigger(),
                this.timeline.startedAt(),
                this.timeline.elapsed(),
                this.phases,
                this.acceptQueue,
                after.accepted() - before.accepted(),
                after.requests() - before.requests(),
                this.cut,
                this.participants.reports());
    }

    private DrainReport.Outcome outcome() {
        if (this.run.isTakenBack()) {
            return DrainReport.Outcome.RESUMED;
        }
        boolean complete = this.run.phase() == DrainPhase.DRAINED && !this.phases.containsKey(DrainPhase.FORCING);
        return complete ? DrainReport.Outcome.GRACEFUL : DrainReport.Outcome.FORCED;
    }

    private void pause(Duration duration) throws InterruptedException {
        this.drain.clock().pause(duration.toNanos());
    }

    private static void guard(String step, Runnable action) {
        guard(
                step,
                () -> {
                    action.run();
                    return true;
                },
                false);
    }

    private static <T> T guard(String step, Supplier<T> action, T fallback) {
        try {
            return action.get();
        } catch (RuntimeException | LinkageError ex) {
            logger.warn("Drain step '{}' failed; the drain goes on", step, ex);
            return fallback;
        }
    }
}
