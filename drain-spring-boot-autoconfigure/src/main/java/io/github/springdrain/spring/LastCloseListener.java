// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.engine.DrainEngine;
import java.util.Set;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.Ordered;

/**
 * Keeps the application's listeners of messages running until suspended requests have their responses. Those that a drain
 * leaves alone are there because requests depend on them, and Spring stops them as soon as the last listener of
 * {@link ContextClosedEvent} is through, for which {@link DrainLifecycle} does not wait longer than a second where no thread
 * is at work on a request. So this is that last listener: what the application does at that event comes before.
 */
public final class LastCloseListener implements ApplicationListener<ContextRefreshedEvent> {

    private final DrainEngine drain;

    private final Set<String> excluded;

    private final ConfigurableApplicationContext context;

    /**
     * Creates the one of a context.
     *
     * @param excluded the names of what a drain leaves alone; nobody is waited for without any
     */
    public LastCloseListener(DrainEngine drain, Set<String> excluded, ConfigurableApplicationContext context) {
        this.drain = drain;
        this.excluded = Set.copyOf(excluded);
        this.context = context;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        if (event.getApplicationContext() == this.context && !this.excluded.isEmpty()) {
            // Only now: annotated methods are registered late.
            this.context.addApplicationListener(new Last());
        }
    }

    private final class Last implements ApplicationListener<ContextClosedEvent>, Ordered {

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }

        @Override
        public boolean supportsAsyncExecution() {
            return false;
        }

        @Override
        public void onApplicationEvent(ContextClosedEvent event) {
            if (event.getApplicationContext() == LastCloseListener.this.context) {
                try {
                    LastCloseListener.this.drain.awaitSuspendedResponsesStarted();
                } catch (InterruptedException ex) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
