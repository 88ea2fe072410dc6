// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import org.springframework.context.ApplicationEvent;

/**
 * Published when a drain is about to terminate open-ended streams. Listeners run on the drain's own
 * thread unless they are asynchronous, and before the first stream is ended, so they must return promptly: the moment
 * for a last message, or for ending streams that only the application knows of.
 */
public final class DrainStreamsEndingEvent extends ApplicationEvent {

    private static final long serialVersionUID = 1L;

    private final transient DrainTimeline timeline;

    /** Creates the event. */
    public DrainStreamsEndingEvent(Object source, DrainTimeline timeline) {
        super(source);
        this.timeline = timeline;
    }

    /** The drain's deadline; {@link DrainTimeline#untilForce()} is what is left before streams are aborted. */
    public DrainTimeline timeline() {
        return this.timeline;
    }
}
