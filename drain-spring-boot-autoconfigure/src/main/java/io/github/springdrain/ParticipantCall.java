package io.github.springdrain;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One participant in one drain, called on a thread of its own, so that one that blocks costs the drain its patience
 * once and nothing more. Confined to the drain's thread, save what the participant's own thread does.
 */
final class ParticipantCall {

    private static final Logger logger = LoggerFactory.getLogger(ParticipantCall.class);

    private final DrainParticipant participant;

    private final String name;

    private final ThreadPoolExecutor worker;

    private volatile int announced;

    private @Nullable Future<Integer> question;

    private boolean overdue;

    private boolean failed;

    ParticipantCall(DrainParticipant participant) {
        this.participant = participant;
        this.name = name(participant);
        this.worker = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), (task) -> thread(task, ""));
    }

    private static String name(DrainParticipant participant) {
        try {
            return participant.name();
        } catch (RuntimeException | LinkageError ex) {
            return participant.getClass().getName();
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
        this.question = this.worker.submit(() -> {
            try {
                this.announced = this.participant.activeWork(remaining);
            } finally {
                this.participant.prepare(remaining);
            }
            return this.announced;
        });
    }

    /** Has the participant resume, once it has returned from what it was called for before; does not wait. */
    void resume() {
        this.question = this.worker.submit(() -> {
            this.participant.resume();
            return 0;
        });
    }

    /** Asks how much work is left, unless the last question is still open; does not wait. */
    void ask(Duration remaining) {
        if (this.question == null) {
            this.question = this.worker.submit(() -> this.participant.activeWork(remaining));
        }
    }

    /** Waits for what the participant was called for last; at most {@code patience}, and that only once for each call. */
    int await(Duration patience) throws InterruptedException {
        Future<Integer> open = this.question;
        if (open == null) {
            return 0;
        }
        try {
            int answer = open.get(this.overdue ? 0 : patience.toNanos(), TimeUnit.NANOSECONDS);
            settled();
            return answer;
        } catch (TimeoutException ex) {
            if (!this.overdue) {
                logger.warn(
                        "Drain participant '{}' has not returned within {} ms; it counts as active until it does",
                        this.name,
                        patience.toMillis());
            }
            this.overdue = true;
            return 1;
        } catch (ExecutionException ex) {
            settled();
            warnOnce(ex.getCause());
            return 0;
        }
    }

    private void settled() {
        this.question = null;
        this.overdue = false;
    }

    /** Asked again every few milliseconds, it would fill the log. */
    private void warnOnce(@Nullable Throwable cause) {
        if (!this.failed) {
            logger.warn("Drain participant '{}' failed and counts as inactive; the drain goes on", this.name, cause);
        }
        this.failed = true;
    }

    /** Has the participant give up, on one more thread if its own is held; waits at most {@code patience}. */
    void force(Duration patience) throws InterruptedException {
        FutureTask<Void> task = new FutureTask<>(this.participant::force, null);
        thread(task, " force").start();
        try {
            task.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException ex) {
            logger.warn("Drain participant '{}' does not give up; the drain ends without it", this.name);
        } catch (ExecutionException ex) {
            warnOnce(ex.getCause());
        }
    }

    /** Ends the thread; a call that has not returned is interrupted, unless it is a resume that may still be needed. */
    void end(boolean takenBack) {
        if (takenBack) {
            this.worker.shutdown();
        } else {
            this.worker.shutdownNow();
        }
    }
}
