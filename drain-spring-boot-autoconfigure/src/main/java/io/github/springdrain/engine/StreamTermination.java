// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainableStream;
import io.github.springdrain.server.IdleLimits;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Terminates open-ended streams and sessions, in one drain: WebSocket sessions from the beginning of {@link DrainPhase#FINISHING} on,
 * open-ended responses when their time has come, each spread over a window. Used by the drain's thread, again and again
 * while the drain finishes, so that what is opened late is ended too.
 */
final class StreamTermination implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(StreamTermination.class);

    private final DrainEngine drain;

    private final StartedDrain started;

    private final Runnable notification;

    private final StreamTerminationThreads threads = new StreamTerminationThreads();

    private final Duration closeSpreadEnd;

    private boolean notified;

    private Duration streamSpreadEnd = Duration.ZERO;

    /**
     * Creates the termination of one drain's streams.
     *
     * @param notification notifies the application, before the first stream is terminated
     */
    StreamTermination(DrainEngine drain, StartedDrain started, Runnable notification) {
        this.notification = notification;
        this.drain = drain;
        this.started = started;
        this.closeSpreadEnd = endOf(drain.settings().connections().closeSpread());
    }

    /** The limits of connections with what is left of the time to notify WebSocket clients. */
    IdleLimits connectionLimits() {
        return this.drain.settings().connections().within(until(this.closeSpreadEnd));
    }

    void endStreams() {
        OpenStreamRegistry streams = this.drain.openStreams();
        for (DrainableStream stream : streams.takeUncommitted(this.started)) {
            this.threads.run("commit", stream::commit);
        }
        if (untilEnd().isZero()) {
            notifyApplication();
            Duration windowLeft = until(this.streamSpreadEnd);
            for (DrainableStream stream :
                    streams.takeDue(this.started, this.drain.clock().nanoTime(), windowLeft)) {
                this.threads.run("end", stream::end);
            }
        }
        this.threads.relieve();
    }

    private Duration untilEnd() {
        return shorter(
                until(this.drain.settings().streams().timeout()), timeline().untilLastCall());
    }

    /** The application first, so that it can say more than an end does. */
    private void notifyApplication() {
        if (this.notified) {
            return;
        }
        this.notified = true;
        this.streamSpreadEnd = endOf(this.drain.settings().streams().spread());
        logger.info(
                "Drain ends {} open-ended responses, {} ms after its start",
                this.drain.streams().size(),
                timeline().elapsed().toMillis());
        this.notification.run();
    }

    /** When a window that opens now is over, in time since the first trigger; never after the last call. */
    private Duration endOf(Duration window) {
        return timeline().elapsed().plus(shorter(window, timeline().untilLastCall()));
    }

    private Duration until(Duration sinceStart) {
        Duration left = sinceStart.minus(timeline().elapsed());
        return left.isNegative() ? Duration.ZERO : left;
    }

    private DrainTimeline timeline() {
        return this.started.timeline();
    }

    private static Duration shorter(Duration first, Duration second) {
        return (first.compareTo(second) < 0) ? first : second;
    }

    @Override
    public void close() {
        this.threads.close();
    }
}
