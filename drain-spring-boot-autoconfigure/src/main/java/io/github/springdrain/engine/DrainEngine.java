// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.Drain;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainStatus;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.OpenStreams;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.server.DrainClock;
import io.github.springdrain.server.DrainableServer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one server out of service without failing a request. Thread-safe. Whoever starts a drain that is under way or
 * over joins it: there is one deadline and one report, whatever the number of triggers.
 *
 * <p>A drain runs on a thread of its own and touches nothing before it is started. It does not stop the server or the
 * application; its caller does, once the report is there.
 */
public final class DrainEngine implements Drain {

    private static final Logger logger = LoggerFactory.getLogger(DrainEngine.class);

    private static final Duration TICK = Duration.ofMillis(10);

    private static final Duration LONGEST_RESUME = Duration.ofSeconds(3);

    private final DrainSettings settings;

    private final DrainClock clock;

    private final Launcher launcher;

    private final AtomicReference<@Nullable StartedDrain> current = new AtomicReference<>();

    private final DrainListeners listeners = new DrainListeners();

    private final List<DrainParticipant> participants = new CopyOnWriteArrayList<>();

    private final OpenStreamRegistry streams = new OpenStreamRegistry();

    private final ScanTurn scans = new ScanTurn();

    /** What failed while no drain was under way. */
    private final DrainFailures failures = new DrainFailures();

    private final ClosingRequest closingRequest = new ClosingRequest();

    private volatile DrainableServer server = DrainableServer.NONE;

    private volatile boolean announceDelaySkipped;

    private volatile Predicate<RequestSnapshot> work = (request) -> true;

    private volatile Predicate<RequestSnapshot> callers = (request) -> true;

    private volatile boolean closing;

    private final RequestArrivals arrivals = new RequestArrivals((request) -> this.work.test(request));

    /** Creates a drain that keeps real time. */
    public DrainEngine(DrainSettings settings) {
        this(settings, DrainClock.SYSTEM, Launcher.THREAD);
    }

    DrainEngine(DrainSettings settings, DrainClock clock, Launcher launcher) {
        this.settings = settings;
        this.clock = clock;
        this.launcher = launcher;
    }

    /** The settings this drain goes by. */
    public DrainSettings settings() {
        return this.settings;
    }

    /** The server to take out of service; {@link DrainableServer#NONE} until {@link #attach} is called. */
    public DrainableServer server() {
        return this.server;
    }

    @Override
    public boolean isServing() {
        return this.server.isServing();
    }

    /** Sets the server to take out of service. */
    public void attach(DrainableServer newServer) {
        this.server = newServer;
    }

    /** Sets which requests count as work; others, such as health checks, are served but never waited for. */
    public void workIs(Predicate<RequestSnapshot> predicate) {
        this.work = predicate;
    }

    /** Sets which of the requests that are not work ask for the drain, and must have their response before the end. */
    public void callersAre(Predicate<RequestSnapshot> predicate) {
        this.callers = predicate;
    }

    /** The request, if any, whose thread closes the application. */
    public ClosingRequest closingRequest() {
        return this.closingRequest;
    }

    /**
     * Notes that the application closes for good: there is nothing left to resume, and each drain that followed on a
     * resumed one would put the end of the process off by a deadline of its own.
     */
    public void applicationCloses() {
        this.closing = true;
    }

    /** Has the announcement end at once, for a server that no client knows yet. */
    public void skipAnnounceDelay() {
        this.announceDelaySkipped = true;
    }

    boolean isAnnounceDelaySkipped() {
        return this.announceDelaySkipped;
    }

    @Override
    public void addListener(DrainListener listener) {
        this.listeners.add(listener);
    }

    @Override
    public void removeListener(DrainListener listener) {
        this.listeners.remove(listener);
    }

    @Override
    public void addParticipant(DrainParticipant participant) {
        this.participants.add(participant);
    }

    OpenStreamRegistry openStreams() {
        return this.streams;
    }

    @Override
    public OpenStreams streams() {
        return this.streams;
    }

    /** Counts the requests that come in, for {@code server.drain.announce.quiet-period}. */
    public RequestArrivals arrivals() {
        return this.arrivals;
    }

    @Override
    public DrainPhase phase() {
        StartedDrain started = this.current.get();
        return (started != null) ? started.phase() : DrainPhase.RUNNING;
    }

    @Override
    public DrainHandle start(DrainTrigger trigger) {
        DrainTimeline timeline = new DrainTimeline(this.clock.now(), this.settings.timeout(), this.clock::nanoTime);
        while (true) {
            StartedDrain started = this.current.get();
            if (started != null && !started.isResumed()) {
                return started;
            }
            DrainFailures runFailures = new DrainFailures();
            StartedDrain fresh =
                    new StartedDrain(trigger, timeline, new Participants(this.participants, runFailures), runFailures);
            if (this.current.compareAndSet(started, fresh)) {
                launch(new DrainSequence(this, fresh, started));
                return fresh;
            }
        }
    }

    private void launch(DrainSequence sequence) {
        try {
            this.launcher.launch(sequence);
        } catch (OutOfMemoryError ex) {
            logger.warn("No thread can be created; the drain runs on the one that started it", ex);
            sequence.run();
        }
    }

    @Override
    public void resume() {
        StartedDrain started = leaveForResume();
        if (started.isOnOwnThread()) {
            return;
        }
        try {
            if (!started.awaitEnd(LONGEST_RESUME.toNanos())) {
                logger.warn(
                        "The drain was resumed, but its announcement is not undone {} ms later",
                        LONGEST_RESUME.toMillis());
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves the announcement, and leaves it to the drain's own thread to undo it. */
    StartedDrain leaveForResume() {
        StartedDrain started = this.current.get();
        if (started == null || started.isResumed()) {
            throw new IllegalStateException("No drain is under way");
        }
        if (this.closing) {
            throw new IllegalStateException("A drain cannot be resumed any more when the application is closing");
        }
        if (!started.leaveAnnounced(DrainPhase.RUNNING)) {
            throw new IllegalStateException(
                    "A drain can be resumed only in ANNOUNCED, this one is in " + started.phase());
        }
        return started;
    }

    /**
     * Blocks until no client waits for the first byte of a response, requests that no thread is at work on included, or the
     * application has to be given its turn; returns at once where there is no drain.
     */
    public void awaitSuspendedResponsesStarted() throws InterruptedException {
        StartedDrain started = this.current.get();
        if (started != null) {
            started.awaitSuspendedResponsesStarted();
        }
    }

    /**
     * Blocks until every request that is not work has its response: those that asked for the drain for at most
     * {@code limit}, others, such as health checks, for a moment. Returns whether they all have.
     */
    public boolean awaitControlRequests(Duration limit) throws InterruptedException {
        return new ControlRequests(this, this.failures).await(limit, this.callers);
    }

    /**
     * Closes the listeners and blocks until the requests in service have ended, without a drain: for a server that is
     * stopped and may be started again. Does nothing while a drain is under way or over.
     *
     * @param limit how long at most
     * @return whether nothing is left
     */
    public boolean finishRequests(Duration limit) throws InterruptedException {
        if (phase() != DrainPhase.RUNNING || limit.isZero()) {
            return true;
        }
        DrainableServer target = this.server;
        DrainTimeline timeline = new DrainTimeline(this.clock.now(), limit, this.clock::nanoTime);
        try (BoundedSteps bounded = BoundedSteps.noting(this.failures)) {
            bounded.run("announce", timeline.remaining(), () -> target.announce(1));
            bounded.get(
                    "emptyAcceptQueue",
                    timeline.remaining(),
                    () -> target.emptyAcceptQueue(this.settings.acceptQueue(), timeline.remaining()));
            bounded.run("closeListeners", timeline.remaining(), () -> target.closeListeners(timeline.remaining()));
            while (true) {
                bounded.run("announce", timeline.remaining(), () -> target.announce(1));
                bounded.run(
                        "closeIdle",
                        timeline.remaining(),
                        () -> this.scans.run(() -> target.closeIdle(this.settings.connections())));
                boolean left = bounded.get(
                                "connections", timeline.remaining(), () -> this.scans.take(target::connections))
                        .map((open) -> open.stream()
                                .anyMatch((each) -> each.state().isUnfinished() && isWork(each, this.failures)))
                        .orElse(true);
                if (!left || timeline.remaining().isZero()) {
                    return !left;
                }
                this.clock.pause(TICK.toNanos());
            }
        }
    }

    /**
     * Ends the requests that are not work and are still in service: a health check that hangs would hold up the
     * server's own stop for as long as that waits for its threads.
     */
    public void abortControlRequests() {
        new ControlRequests(this, this.failures).abort();
    }

    /**
     * Forgets a drain that is over, for a server that has been started again. Does nothing while one is under way: its
     * server is on its way out.
     */
    public void renew() {
        StartedDrain started = this.current.get();
        if (started != null && started.phase() == DrainPhase.DRAINED) {
            this.current.compareAndSet(started, null);
        }
    }

    @Override
    public DrainStatus status() {
        StartedDrain started = this.current.get();
        boolean draining = started != null && !started.isResumed();
        DrainTimeline timeline = (started != null && draining) ? started.timeline() : null;
        DrainableServer target = this.server;
        DrainFailures found = (started != null && draining) ? started.failures() : this.failures;
        GuardedSteps look = new GuardedSteps(found);
        Map<ConnectionState, Integer> counts =
                look.get("connections", () -> counts(target)).orElse(Map.of());
        int lingering = look.get("lingering", target::lingering).orElse(0);
        return new DrainStatus(
                phase(),
                look.get("name", target::name).orElse("unknown"),
                (started != null && draining) ? started.trigger() : null,
                (timeline != null) ? timeline.startedAt() : null,
                (timeline != null) ? timeline.deadline() : null,
                (timeline != null) ? timeline.remaining() : null,
                look.get("listeners", target::listeners).orElse(List.of()),
                counts,
                lingering,
                (started != null && draining) ? started.participants().left() : Map.of(),
                found.list(),
                (started != null) ? finishedReport(started) : null);
    }

    private Map<ConnectionState, Integer> counts(DrainableServer target) {
        Map<ConnectionState, Integer> counts = new EnumMap<>(ConnectionState.class);
        for (ConnectionSnapshot connection : this.scans.take(target::connections)) {
            counts.merge(connection.state(), 1, Integer::sum);
        }
        return counts;
    }

    private static @Nullable DrainReport finishedReport(StartedDrain started) {
        CompletableFuture<DrainReport> report = started.report().toCompletableFuture();
        return report.isDone() ? report.join() : null;
    }

    /** The drain under way, over or resumed; {@code null} before the first. */
    @Nullable StartedDrain current() {
        return this.current.get();
    }

    DrainClock clock() {
        return this.clock;
    }

    DrainListeners listeners() {
        return this.listeners;
    }

    /** To be taken by whoever looks at the server's connections. */
    ScanTurn scans() {
        return this.scans;
    }

    /** Whether the drain waits for this connection; it does where that is not known. */
    boolean isWork(ConnectionSnapshot connection, DrainFailures failed) {
        return connection.requests().isEmpty()
                || connection.requests().stream()
                        .anyMatch((request) ->
                                !this.closingRequest.is(connection, request) && is(this.work, request, failed));
    }

    /** Whether a predicate holds; it does where it fails. */
    static boolean is(Predicate<RequestSnapshot> predicate, RequestSnapshot request, DrainFailures failed) {
        return new GuardedSteps(failed)
                .get("request predicate", () -> predicate.test(request))
                .orElse(true);
    }

    /** Gives a drain the thread it runs on. */
    interface Launcher {

        /** A daemon thread of its own: what must outlive the application waits for the drain, not the JVM. */
        Launcher THREAD = (sequence) -> {
            Thread thread = new Thread(sequence, "drain");
            thread.setDaemon(true);
            thread.start();
        };

        void launch(Runnable sequence);
    }
}
