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
import java.util.Optional;
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

    private static final Duration CONTROL_TICK = Duration.ofMillis(10);

    private static final Duration LONGEST_RESUME = Duration.ofSeconds(3);

    private static final Duration LONGEST_ABORT = Duration.ofSeconds(1);

    /** What a request gets that has nothing to do with the drain and is still in service at its end. */
    private static final Duration MOMENT = Duration.ofMillis(250);

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

    private volatile DrainableServer server = DrainableServer.NONE;

    private volatile boolean announceDelaySkipped;

    private volatile Predicate<RequestSnapshot> work = (request) -> true;

    private volatile Predicate<RequestSnapshot> callers = (request) -> true;

    private volatile @Nullable Thread closingThread;

    private volatile boolean closedFromWithin;

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

    /**
     * Sets which thread waits for the drain in order to close the application. Where it serves a request, that cannot end
     * before the drain does: it is neither waited for nor aborted.
     */
    public void closesOn(Thread thread) {
        this.closingThread = thread;
    }

    /** The thread that closes the application; {@code null} before. */
    public @Nullable Thread closingThread() {
        return this.closingThread;
    }

    /** Whether the thread that closes the application was found to be at work that a drain waits for otherwise. */
    public boolean isClosedFromWithin() {
        return this.closedFromWithin;
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
        StartedDrain run = this.current.get();
        return (run != null) ? run.phase() : DrainPhase.RUNNING;
    }

    @Override
    public DrainHandle start(DrainTrigger trigger) {
        DrainTimeline timeline = new DrainTimeline(this.clock.now(), this.settings.timeout(), this.clock::nanoTime);
        while (true) {
            StartedDrain run = this.current.get();
            if (run != null && !run.isResumed()) {
                return run;
            }
            DrainFailures runFailures = new DrainFailures();
            StartedDrain fresh =
                    new StartedDrain(trigger, timeline, new Participants(this.participants, runFailures), runFailures);
            if (this.current.compareAndSet(run, fresh)) {
                launch(new DrainSequence(this, fresh, run));
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
        StartedDrain run = leaveForResume();
        if (run.isOnOwnThread()) {
            return;
        }
        try {
            if (!run.awaitEnd(LONGEST_RESUME.toNanos())) {
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
        StartedDrain run = this.current.get();
        if (run == null || run.isResumed()) {
            throw new IllegalStateException("No drain is under way");
        }
        if (!run.leaveAnnounced(DrainPhase.RUNNING)) {
            throw new IllegalStateException("A drain can be resumed only in ANNOUNCED, this one is in " + run.phase());
        }
        return run;
    }

    /**
     * Blocks until every request that is not work has its response: those that asked for the drain for at most
     * {@code limit}, others, such as health checks, for a moment. Returns whether they all have.
     */
    public boolean awaitControlRequests(Duration limit) throws InterruptedException {
        try (BoundedSteps bounded = BoundedSteps.noting(this.failures)) {
            return awaitControlRequests(limit, bounded);
        }
    }

    private boolean awaitControlRequests(Duration limit, BoundedSteps bounded) throws InterruptedException {
        long start = this.clock.nanoTime();
        while (true) {
            Duration waited = Duration.ofNanos(this.clock.nanoTime() - start);
            Predicate<RequestSnapshot> patient = (waited.compareTo(MOMENT) < 0) ? (request) -> true : this.callers;
            Optional<List<ConnectionSnapshot>> open =
                    bounded.get("connections", limit.plus(MOMENT), this::controlConnections);
            boolean worthIt = open.isEmpty()
                    || open.get().stream()
                            .flatMap((connection) -> connection.requests().stream())
                            .anyMatch((request) -> is(patient, request, this.failures));
            if (!worthIt || waited.compareTo(limit) >= 0) {
                return open.isPresent() && open.get().isEmpty();
            }
            this.clock.pause(CONTROL_TICK.toNanos());
        }
    }

    /**
     * Ends the requests that are not work and are still in service: a health check that hangs would hold up the
     * server's own stop for as long as that waits for its threads.
     */
    public void cutControlRequests() {
        try (BoundedSteps bounded = BoundedSteps.noting(this.failures)) {
            bounded.run(
                    "abort",
                    LONGEST_ABORT,
                    () -> this.scans.run(() -> this.server.abort((connection) -> !isControl(connection))));
        }
    }

    private List<ConnectionSnapshot> controlConnections() {
        return this.scans.take(this.server::connections).stream()
                .filter(this::isControl)
                .toList();
    }

    private boolean isControl(ConnectionSnapshot connection) {
        boolean inService =
                connection.state() == ConnectionState.IN_SERVICE || connection.state() == ConnectionState.RESPONDING;
        return inService
                && !isWork(connection, this.failures)
                && connection.requests().stream().noneMatch(this::isOnClosingThread);
    }

    private boolean isOnClosingThread(RequestSnapshot request) {
        Thread closing = this.closingThread;
        String name = request.thread();
        boolean found = closing != null && name != null && !name.isEmpty() && name.equals(closing.getName());
        if (found) {
            this.closedFromWithin = true;
        }
        return found;
    }

    /**
     * Forgets a drain that is over, for a server that has been started again. Does nothing while one is under way: its
     * server is on its way out.
     */
    public void renew() {
        StartedDrain run = this.current.get();
        if (run != null && run.phase() == DrainPhase.DRAINED) {
            this.current.compareAndSet(run, null);
        }
    }

    @Override
    public DrainStatus status() {
        StartedDrain run = this.current.get();
        boolean draining = run != null && !run.isResumed();
        DrainTimeline timeline = (run != null && draining) ? run.timeline() : null;
        DrainableServer target = this.server;
        DrainFailures found = (run != null && draining) ? run.failures() : this.failures;
        GuardedSteps look = new GuardedSteps(found);
        Map<ConnectionState, Integer> counts =
                look.get("connections", () -> counts(target)).orElse(Map.of());
        int lingering = look.get("lingering", target::lingering).orElse(0);
        return new DrainStatus(
                phase(),
                look.get("name", target::name).orElse("unknown"),
                (run != null && draining) ? run.trigger() : null,
                (timeline != null) ? timeline.startedAt() : null,
                (timeline != null) ? timeline.deadline() : null,
                (timeline != null) ? timeline.remaining() : null,
                look.get("listeners", target::listeners).orElse(List.of()),
                counts,
                lingering,
                (run != null && draining) ? run.participants().left() : Map.of(),
                found.list(),
                (run != null) ? finishedReport(run) : null);
    }

    private Map<ConnectionState, Integer> counts(DrainableServer target) {
        Map<ConnectionState, Integer> counts = new EnumMap<>(ConnectionState.class);
        for (ConnectionSnapshot connection : this.scans.take(target::connections)) {
            counts.merge(connection.state(), 1, Integer::sum);
        }
        return counts;
    }

    private static @Nullable DrainReport finishedReport(StartedDrain run) {
        CompletableFuture<DrainReport> report = run.report().toCompletableFuture();
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
                        .anyMatch((request) -> !isOnClosingThread(request) && is(this.work, request, failed));
    }

    private static boolean is(Predicate<RequestSnapshot> predicate, RequestSnapshot request, DrainFailures failed) {
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
