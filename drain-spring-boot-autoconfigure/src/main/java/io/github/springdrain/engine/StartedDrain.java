// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One drain under way, or over. Thread-safe; every trigger that starts or joins it is handed the same instance. */
final class StartedDrain implements DrainHandle {

    /** How long after the deadline a caller still waits: forcing takes a moment. */
    private static final Duration OVERDUE = Duration.ofSeconds(2);

    private final DrainTrigger trigger;

    private final DrainTimeline timeline;

    private final Participants participants;

    private final DrainFailures failures;

    private final CompletableFuture<Void> responsesStarted = new CompletableFuture<>();

    private final CompletableFuture<Void> suspendedResponsesStarted = new CompletableFuture<>();

    private final CompletableFuture<DrainReport> report = new CompletableFuture<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile DrainPhase phase = DrainPhase.ANNOUNCED;

    private volatile boolean forced;

    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    StartedDrain(DrainTrigger trigger, DrainTimeline timeline, Participants participants, DrainFailures failures) {
        this.trigger = trigger;
        this.timeline = timeline;
        this.participants = participants;
        this.failures = failures;
    }

    @Override
    public DrainTrigger trigger() {
        return this.trigger;
    }

    @Override
    public DrainTimeline timeline() {
        return this.timeline;
    }

    Participants participants() {
        return this.participants;
    }

    DrainFailures failures() {
        return this.failures;
    }

    @Override
    public DrainPhase phase() {
        return this.phase;
    }

    @Override
    public CompletionStage<Void> responsesStarted() {
        return this.responsesStarted.minimalCompletionStage();
    }

    @Override
    public CompletionStage<DrainReport> report() {
        return this.report.minimalCompletionStage();
    }

    @Override
    public boolean awaitResponsesStarted() throws InterruptedException {
        return await(this.responsesStarted);
    }

    /** As {@link #awaitResponsesStarted()}, and does not pass over requests that no thread is at work on. */
    void awaitSuspendedResponsesStarted() throws InterruptedException {
        await(this.suspendedResponsesStarted);
    }

    @Override
    public boolean awaitReport() throws InterruptedException {
        return await(this.report);
    }

    @Override
    public void force() {
        this.forced = true;
    }

    /** The time until what is left has to be forced; zero once it is over, or once it is forced. */
    Duration untilForce() {
        return this.forced ? Duration.ZERO : this.timeline.untilForce();
    }

    private boolean await(CompletableFuture<?> future) throws InterruptedException {
        try {
            return awaitDeadline(future) || awaitOverdue(future);
        } catch (ExecutionException ex) {
            throw new IllegalStateException("Never completes exceptionally", ex);
        }
    }

    private boolean awaitDeadline(CompletableFuture<?> future) throws InterruptedException, ExecutionException {
        try {
            future.get(this.timeline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException ex) {
            return false;
        }
    }

    /** The deadline may have passed while the process was paused: the drain has yet to find out and to report. */
    private static boolean awaitOverdue(CompletableFuture<?> future) throws InterruptedException, ExecutionException {
        try {
            new AwakeTime(OVERDUE).get(future);
            return true;
        } catch (TimeoutException ex) {
            return false;
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

    /** Leaves {@link DrainPhase#ANNOUNCED} for {@code next}, unless another thread already has. */
    synchronized boolean leaveAnnounced(DrainPhase next) {
        if (this.phase != DrainPhase.ANNOUNCED) {
            return false;
        }
        moveTo(next);
        return true;
    }

    boolean isResumed() {
        return phase() == DrainPhase.RUNNING;
    }

    void completeResponsesStarted() {
        this.responsesStarted.complete(null);
    }

    void completeSuspendedResponsesStarted() {
        this.suspendedResponsesStarted.complete(null);
    }

    /** Notes a thread that runs the drain, or one of its steps. */
    void owns(Thread thread) {
        this.threads.add(thread);
    }

    /** Whether the calling thread is one of the drain's own, for which the drain may be waiting. */
    boolean isOnOwnThread() {
        return this.threads.contains(Thread.currentThread());
    }

    /**
     * The last act of the drain's thread: nothing touches the server on behalf of this drain afterwards. A drain that got
     * stuck on its way is over, too, so that it can neither be resumed nor kept from being renewed.
     */
    void end(DrainReport result) {
        close();
        this.threads.clear();
        this.ended.countDown();
        this.responsesStarted.complete(null);
        this.suspendedResponsesStarted.complete(null);
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
