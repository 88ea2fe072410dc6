package io.github.springdrain;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what would go on for ever, in one drain: WebSocket sessions from the beginning of {@link DrainPhase#FINISHING} on,
 * open-ended responses when their time has come, each spread over a window. Used by the drain's thread, again and again
 * while the drain finishes, so that what is opened late is ended too.
 */
final class LongLived implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(LongLived.class);

    private final Drain drain;

    private final DrainRun run;

    private final StreamThreads threads = new StreamThreads();

    private final Duration closeSpreadEnd;

    private boolean told;

    private Duration streamSpreadEnd = Duration.ZERO;

    LongLived(Drain drain, DrainRun run) {
        this.drain = drain;
        this.run = run;
        this.closeSpreadEnd = endOf(drain.settings().connections().closeSpread());
    }

    /** The limits of connections with what is left of the time to tell WebSocket peers. */
    DrainSettings.Connections connectionLimits() {
        return this.drain.settings().connections().within(until(this.closeSpreadEnd));
    }

    void endStreams() {
        OpenStreams streams = this.drain.streams();
        for (DrainableStream stream : streams.takeUncommitted(this.run)) {
            this.threads.run("commit", stream::commit);
        }
        if (untilEnd().isZero()) {
            tell();
            Duration windowLeft = until(this.streamSpreadEnd);
            for (DrainableStream stream :
                    streams.takeDue(this.run, this.drain.clock().nanoTime(), windowLeft)) {
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
    private void tell() {
        if (this.told) {
            return;
        }
        this.told = true;
        this.streamSpreadEnd = endOf(this.drain.settings().streams().spread());
        logger.info(
                "Drain ends {} open-ended responses, {} ms after its start",
                this.drain.streams().size(),
                timeline().elapsed().toMillis());
        this.drain
                .audience()
                .tell(this.run.failures(), "streamsEnding", (listener) -> listener.streamsEnding(timeline()));
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
        return this.run.timeline();
    }

    private static Duration shorter(Duration first, Duration second) {
        return (first.compareTo(second) < 0) ? first : second;
    }

    @Override
    public void close() {
        this.threads.close();
    }
}
