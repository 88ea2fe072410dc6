// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The drain as a health check sees it, for both lines of Spring Boot. Reads two fields and never scans: health checks
 * come often.
 */
public final class DrainHealth implements DrainListener {

    private final Drain drain;

    private final Predicate<DrainPhase> outOfService;

    private volatile @Nullable DrainTimeline timeline;

    /**
     * Creates the health of one drain, which must know it as a listener.
     *
     * @param outOfService the phases in which the application is to be taken for out of service
     */
    public DrainHealth(Drain drain, Predicate<DrainPhase> outOfService) {
        this.drain = drain;
        this.outOfService = outOfService;
    }

    @Override
    public void phaseEntered(DrainPhase phase, DrainTimeline entered) {
        this.timeline = entered;
    }

    @Override
    public void resumed() {
        this.timeline = null;
    }

    @Override
    public void drained(DrainReport report) {
        this.timeline = null;
    }

    /** The health of this moment. */
    public Snapshot snapshot() {
        DrainPhase phase = this.drain.phase();
        DrainTimeline current = this.timeline;
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("phase", phase.name());
        if (phase != DrainPhase.RUNNING && current != null) {
            details.put("remaining", current.remaining().toString());
        }
        return new Snapshot(!this.outOfService.test(phase), details);
    }

    /**
     * The health of one moment.
     *
     * @param inService whether the application is to be sent requests
     * @param details the phase, and while a drain is under way the time to its deadline
     */
    public record Snapshot(boolean inService, Map<String, Object> details) {}
}
