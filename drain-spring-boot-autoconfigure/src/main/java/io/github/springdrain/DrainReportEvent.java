// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import org.springframework.context.ApplicationEvent;

/** Published when a drain is over; not when it was resumed. */
public final class DrainReportEvent extends ApplicationEvent {

    private static final long serialVersionUID = 1L;

    private final transient DrainReport report;

    /** Creates the event. */
    public DrainReportEvent(Object source, DrainReport report) {
        super(source);
        this.report = report;
    }

    /** What came of the drain. */
    public DrainReport report() {
        return this.report;
    }
}
