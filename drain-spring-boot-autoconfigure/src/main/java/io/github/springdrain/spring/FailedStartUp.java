// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.engine.DrainEngine;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Has an application whose start fails after that of its server close without the delay of the announcement: it was
 * never ready, so nobody has to notice that it no longer is. What has reached it all the same is served.
 */
public final class FailedStartUp implements ApplicationListener<ApplicationFailedEvent> {

    private final DrainEngine drain;

    private final ApplicationContext context;

    /** Creates the one of a context. */
    public FailedStartUp(DrainEngine drain, ApplicationContext context) {
        this.drain = drain;
        this.context = context;
    }

    @Override
    public void onApplicationEvent(ApplicationFailedEvent event) {
        if (event.getApplicationContext() == this.context) {
            this.drain.skipAnnounceDelay();
        }
    }

    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }
}
