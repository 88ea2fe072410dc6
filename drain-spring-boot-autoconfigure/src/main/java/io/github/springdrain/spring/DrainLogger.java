// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs the start of the drain, its report, and one warning that lists what was aborted; the phases in between at DEBUG.
 * Structured logs get the phase, the outcome and the number of what was aborted as fields of their own.
 */
public final class DrainLogger implements DrainListener {

    private static final Logger logger = LoggerFactory.getLogger(DrainLogger.class);

    private static final String PHASE = "drain.phase";

    private static final String OUTCOME = "drain.outcome";

    private static final String ABORTED = "drain.aborted";

    @Override
    public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
        logger.atLevel(level(phase))
                .addKeyValue(PHASE, phase)
                .addArgument(phase)
                .addArgument(describe(phase))
                .addArgument(timeline.remaining().toMillis())
                .log("Drain {}: {}, deadline in {} ms");
    }

    private static Level level(DrainPhase phase) {
        return switch (phase) {
            case RUNNING, ANNOUNCED, FORCING, DRAINED -> Level.INFO;
            case EMPTYING_ACCEPT_QUEUE, CLOSED_TO_NEW, FINISHING -> Level.DEBUG;
        };
    }

    private static String describe(DrainPhase phase) {
        return switch (phase) {
            case RUNNING -> "serving again";
            case ANNOUNCED -> "the close is advertised, everything is still served";
            case EMPTYING_ACCEPT_QUEUE -> "taking what the kernel holds for listeners of its own";
            case CLOSED_TO_NEW -> "no new connections are accepted";
            case FINISHING -> "what was accepted runs to its end";
            case FORCING -> "aborting what is left";
            case DRAINED -> "the drain is over";
        };
    }

    @Override
    public void resumed() {
        logger.atInfo().addKeyValue(PHASE, DrainPhase.RUNNING).log("Drain RUNNING: resumed, serving again");
    }

    @Override
    public void drained(DrainReport report) {
        if (report.outcome() == DrainReport.Outcome.FORCED) {
            withResult(logger.atWarn(), report).log("{}", new AbortedWork(report));
        }
        withResult(logger.atInfo(), report).log("Drain report: {}", report.summary());
    }

    private static LoggingEventBuilder withResult(LoggingEventBuilder event, DrainReport report) {
        return event.addKeyValue(OUTCOME, report.outcome())
                .addKeyValue(ABORTED, report.aborted().size());
    }
}
