// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainPhaseEvent;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainReportEvent;
import io.github.springdrain.DrainStreamsEndingEvent;
import io.github.springdrain.DrainTimeline;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;

/** Publishes the callbacks of a drain as application events. */
public final class DrainEventPublisher implements DrainListener {

    private final ApplicationContext context;

    private volatile @Nullable DrainTimeline timeline;

    /** Creates a publisher for one context. */
    public DrainEventPublisher(ApplicationContext context) {
        this.context = context;
    }

    @Override
    public void phaseEntered(DrainPhase phase, DrainTimeline entered) {
        this.timeline = entered;
        this.context.publishEvent(new DrainPhaseEvent(this.context, phase, entered));
    }

    @Override
    public void streamsEnding(DrainTimeline ending) {
        this.context.publishEvent(new DrainStreamsEndingEvent(this.context, ending));
    }

    @Override
    public void resumed() {
        DrainTimeline current = this.timeline;
        if (current != null) {
            this.context.publishEvent(new DrainPhaseEvent(this.context, DrainPhase.RUNNING, current));
        }
    }

    @Override
    public void drained(DrainReport report) {
        this.context.publishEvent(new DrainReportEvent(this.context, report));
    }
}
