// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainParticipant;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One participant in one drain, called on a thread of its own, so that one that blocks costs the drain its patience
 * once and nothing more. Confined to the drain's thread, save what the participant's own thread does.
 */
final class ParticipantCall {

    /** What is not known counts as work: the drain must not end on it. */
    private static final int UNKNOWN = 1;

    private final DrainParticipant participant;

    private final DrainFailures failures;

    private final String name;

    private final ThreadPoolExecutor worker;

    private volatile int announced;

    private @Nullable Future<Integer> question;

    private String asked = "";

    private boolean overdue;

    ParticipantCall(DrainParticipant participant, DrainFailures failures) {
        this.participant = participant;
        this.failures = failures;
        this.name = name(participant, failures);
        this.worker = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> thread(task, ""));
    }

    private static String name(DrainParticipant participant, DrainFailures failures) {
        String type = participant.getClass().getName();
        try {
            return participant.name();
        } catch (Throwable ex) {
            failures.add("participant " + type + ": name", ex);
            return type;
        }
    }

    private Thread thread(Runnable task, String suffix) {
        Thread thread = new Thread(task, "drain-participant " + this.name + suffix);
        thread.setDaemon(true);
        return thread;
    }

    String name() {
        return this.name;
    }

    /** The pieces of work that were under way when the drain was announced. */
    int announced() {
        return this.announced;
    }

    /** Counts the work under way and has the participant prepare; does not wait. */
    void prepare(Duration remaining) {
        submit("prepare", () -> {
            countAnnounced(remaining);
            this.participant.prepare(remaining);
            return this.announced;
        });
    }

    private void countAnnounced(Duration remaining) {
        try {
            this.announced = this.participant.activeWork(remaining);
        } catch (Throwable ex) {
            failed("activeWork", ex);
        }
    }

    /** Has the participant resume, once it has returned from what it was called for before; does not wait. */
    void resume() {
        submit("resume", () -> {
            this.participant.resume();
            return 0;
        });
    }

    /** Asks how much work is left, unless the last question is still open; does not wait. */
    void ask(Duration remaining) {
        if (this.question == null) {
            submit("activeWork", () -> this.participant.activeWork(remaining));
        }
    }

    private void submit(String method, Callable<Integer> call) {
        this.asked = method;
        try {
            this.question = this.worker.submit(() -> guarded(method, call));
        } catch (Throwable ex) {
            // No more threads.
            this.question = CompletableFuture.failedFuture(ex);
        }
    }

    private int guarded(String method, Callable<Integer> call) {
        try {
            return call.call();
        } catch (Throwable ex) {
            // What is interrupted at the end is no failure.
            if (!this.worker.isShutdown()) {
                failed(method, ex);
            }
            return UNKNOWN;
        }
    }

    /** Waits for what the participant was called for last; at most {@code patience}, and that only once for each call. */
    int await(AwakeTime patience) throws InterruptedException {
        Future<Integer> open = this.question;
        if (open == null) {
            return 0;
        }
        try {
            int active = this.overdue ? open.get(0, TimeUnit.NANOSECONDS) : patience.get(open);
            settled();
            return active;
        } catch (TimeoutException ex) {
            if (!this.overdue) {
                this.failures.add(
                        step(this.asked),
                        "has not returned within " + patience + " ms and counts as active until it does");
            }
            this.overdue = true;
            return UNKNOWN;
        } catch (ExecutionException ex) {
            settled();
            failed(this.asked, ex);
            return UNKNOWN;
        }
    }

    private void settled() {
        this.question = null;
        this.overdue = false;
    }

    private void failed(String method, Throwable thrown) {
        Throwable cause =
                (thrown instanceof ExecutionException && thrown.getCause() != null) ? thrown.getCause() : thrown;
        this.failures.add(step(method), cause);
    }

    private String step(String method) {
        return "participant " + this.name + ": " + method;
    }

    /** Has the participant give up, on one more thread if its own is held; waits at most {@code patience}. */
    void force(Duration patience) throws InterruptedException {
        FutureTask<Void> task = new FutureTask<>(this.participant::force, null);
        try {
            thread(task, " force").start();
            new AwakeTime(patience).get(task);
        } catch (TimeoutException ex) {
            this.failures.add(step("force"), "has not returned within " + patience.toMillis() + " ms");
        } catch (ExecutionException | OutOfMemoryError ex) {
            failed("force", ex);
        }
    }

    /** Ends the thread; a call that has not returned is interrupted, unless it is a resume that may still be needed. */
    void end(boolean resumed) {
        if (resumed) {
            this.worker.shutdown();
        } else {
            this.worker.shutdownNow();
        }
    }
}
