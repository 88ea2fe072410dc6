// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import org.springframework.context.ApplicationEvent;

/**
 * Published when a drain enters a phase, {@link DrainPhase#RUNNING} when it was resumed. Listeners run on the
 * drain's own thread unless they are asynchronous, so they must return promptly. The place to end streams or to leave a
 * service registry early: unlike the closing of the context, it is also published when an operator starts the drain.
 */
public final class DrainPhaseEvent extends ApplicationEvent {

    private static final long serialVersionUID = 1L;

    private final DrainPhase phase;

    private final transient DrainTimeline timeline;

    /** Creates the event. */
    public DrainPhaseEvent(Object source, DrainPhase phase, DrainTimeline timeline) {
        super(source);
        this.phase = phase;
        this.timeline = timeline;
    }

    /** The phase the drain is in now. */
    public DrainPhase phase() {
        return this.phase;
    }

    /** The start and the deadline of the drain. */
    public DrainTimeline timeline() {
        return this.timeline;
    }
}
