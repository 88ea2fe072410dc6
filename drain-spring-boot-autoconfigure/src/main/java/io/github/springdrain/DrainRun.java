package io.github.springdrain;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One drain under way, or over. Thread-safe; every trigger that starts or joins it is handed the same instance. */
public final class DrainRun {

    /** How long after the deadline somebody who waits still hopes: forcing takes a moment. */
    private static final Duration OVERDUE = Duration.ofSeconds(2);

    private final DrainTrigger trigger;

    private final DrainTimeline timeline;

    private final Participants participants;

    private final DrainFailures failures;

    private final CompletableFuture<Void> answered = new CompletableFuture<>();

    private final CompletableFuture<DrainReport> report = new CompletableFuture<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile DrainPhase phase = DrainPhase.ANNOUNCED;

    private volatile boolean forced;

    private volatile @Nullable Thread thread;

    DrainRun(DrainTrigger trigger, DrainTimeline timeline, Participants participants, DrainFailures failures) {
        this.trigger = trigger;
        this.timeline = timeline;
        this.participants = participants;
        this.failures = failures;
    }

    /** What started this drain. */
    public DrainTrigger trigger() {
        return this.trigger;
    }

    /** The start and the deadline that everybody who joins shares. */
    public DrainTimeline timeline() {
        return this.timeline;
    }

    Participants participants() {
        return this.participants;
    }

    DrainFailures failures() {
        return this.failures;
    }

    /** Where the drain stands; {@link DrainPhase#RUNNING} once it was taken back. */
    public DrainPhase phase() {
        return this.phase;
    }

    /**
     * Completes when the listeners are closed and no client waits for the first byte of an answer any more, or when the
     * application has to get its turn; also when the drain was taken back. Never completes exceptionally.
     */
    public CompletionStage<Void> answered() {
        return this.answered.minimalCompletionStage();
    }

    /** Completes when the drain is over or was taken back. Never completes exceptionally. */
    public CompletionStage<DrainReport> report() {
        return this.report.minimalCompletionStage();
    }

    /** Blocks until {@link #answered()} completes, at most until 2 seconds after the deadline; tells whether it did. */
    public boolean awaitAnswered() throws InterruptedException {
        return await(this.answered);
    }

    /** Blocks until {@link #report()} completes, at most until 2 seconds after the deadline; tells whether it did. */
    public boolean awaitReport() throws InterruptedException {
        return await(this.report);
    }

    /**
     * Makes {@link DrainPhase#FORCING} the next phase that takes any time: nothing is waited for any more. Returns at
     * once. A step of the server that is under way ends within its own limit.
     */
    public void force() {
        this.forced = true;
    }

    /** The time until what is left has to be forced; zero once it is over, or at a word. */
    Duration untilForce() {
        return this.forced ? Duration.ZERO : this.timeline.untilForce();
    }

    private boolean await(CompletableFuture<?> future) throws InterruptedException {
        try {
            future.get(this.timeline.remaining().plus(OVERDUE).toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException ex) {
            return false;
        } catch (ExecutionException ex) {
            throw new IllegalStateException("Never completes exceptionally", ex);
        }
    }

    /**
     * Moves on.
     *
     * @throws IllegalStateException if the drain is not in a phase that may be followed by {@code next}
     */
    synchronized void moveTo(DrainPhase next) {
        if (!this.phase.mayMoveTo(next)) {
            throw new IllegalStateException("Cannot move from " + this.phase + " to " + next);
        }
        this.phase = next;
    }

    /** Leaves {@link DrainPhase#ANNOUNCED} for {@code next}, unless somebody else already has. */
    synchronized boolean leaveAnnounced(DrainPhase next) {
        if (this.phase != DrainPhase.ANNOUNCED) {
            return false;
        }
        moveTo(next);
        return true;
    }

    boolean isTakenBack() {
        return phase() == DrainPhase.RUNNING;
    }

    void completeAnswered() {
        this.answered.complete(null);
    }

    /** The first act of the drain's thread. */
    void begin() {
        this.thread = Thread.currentThread();
    }

    /** Whether the calling thread is the drain's own, which must not wait for itself. */
    boolean isOnOwnThread() {
        return Thread.currentThread() == this.thread;
    }

    /**
     * The last act of the drain's thread: nothing touches the server on behalf of this drain afterwards. A drain that got
     * stuck on its way is over, too, so that it can neither be taken back nor kept from being renewed.
     */
    void end(DrainReport result) {
        close();
        this.ended.countDown();
        this.answered.complete(null);
        this.report.complete(result);
    }

    private synchronized void close() {
        if (this.phase != DrainPhase.RUNNING) {
            this.phase = DrainPhase.DRAINED;
        }
    }

    /** Waits until the drain's thread has let go of the server; at most {@code nanos} nanoseconds. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        return this.ended.await(nanos, TimeUnit.NANOSECONDS);
    }
}
