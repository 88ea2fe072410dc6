// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.autoconfigure.DrainTasksAutoConfiguration;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.testing.WebApplication;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** When a scheduler learns that its context closes. */
class LateCloseListenersTests {

    private final WebApplication application = new WebApplication();

    private final List<String> story = this.application.story();

    @AfterEach
    void closeContext() {
        this.application.abandon();
    }

    @Test
    void lateListenersAreNotifiedRightAfterTheDrain() {
        ConnectionSnapshot download = this.application.server().open(ConnectionState.RESPONDING, "GET", "/download");
        this.application.on(ContextClosedEvent.class, (event) -> {
            schedule("with the application");
            this.application.server().close(download);
        });
        start();
        this.application.close();
        assertThat(this.story)
                .containsSubsequence("accepted with the application", "scheduler is notified", "Boot stops the server");
    }

    @Test
    void lateListenersAreNotNotifiedBeforeTheApplicationWhenTheDrainIsOverAlready() throws Exception {
        this.application.on(ContextClosedEvent.class, (event) -> schedule("with the application"));
        start().start(DrainTrigger.ENDPOINT).awaitReport();
        this.application.close();
        assertThat(this.story).containsSubsequence("accepted with the application", "scheduler is notified");
    }

    @Test
    void whatFollowsTheDrainIsDoneOnceWhenTheDrainIsOverAlready() throws Exception {
        AtomicInteger followed = new AtomicInteger();
        this.application
                .context()
                .registerBean(
                        "late",
                        LateCloseListeners.class,
                        () -> new LateCloseListeners(
                                this.application.context().getBean(DrainEngine.class),
                                this.application.context(),
                                Map::of,
                                followed::incrementAndGet));
        start().start(DrainTrigger.ENDPOINT).awaitReport();
        this.application.close();
        assertThat(followed).hasValue(1);
    }

    @Test
    void listenersStayWhereTheyAreWhenAnOverloadedApplicationRefusesTraffic() {
        start();
        Multicaster multicaster = this.application
                .context()
                .getBean(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME, Multicaster.class);
        AvailabilityChangeEvent.publish(this.application.context(), ReadinessState.REFUSING_TRAFFIC);
        assertThat(multicaster.removed).isZero();
        this.application.close();
        assertThat(multicaster.removed).isPositive();
    }

    @Test
    void listenersAreNotifiedInTheirTurnWhereNoServerIsServing() {
        start();
        this.application.server().stop();
        this.application.close();
        assertThat(this.story).containsSubsequence("scheduler is notified", "Boot shuts down gracefully");
    }

    private void schedule(String when) {
        ThreadPoolTaskScheduler scheduler = this.application.context().getBean(ThreadPoolTaskScheduler.class);
        try {
            scheduler.execute(() -> {});
            this.story.add("accepted " + when);
        } catch (RejectedExecutionException ex) {
            this.story.add("rejected " + when);
        }
    }

    private DrainEngine start() {
        this.application
                .context()
                .registerBean(
                        AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
                        Multicaster.class,
                        Multicaster::new);
        this.application.context().registerBean(Story.class, () -> new Story(this.story));
        return this.application.start(DrainTasksAutoConfiguration.class, SchedulerConfiguration.class);
    }

    /** What the scheduler writes into. */
    record Story(List<String> events) {}

    @Configuration(proxyBeanMethods = false)
    static class SchedulerConfiguration {

        @Bean
        ThreadPoolTaskScheduler scheduler(Story story) {
            return new ThreadPoolTaskScheduler() {

                @Override
                public void onApplicationEvent(ContextClosedEvent event) {
                    story.events().add("scheduler is notified");
                    super.onApplicationEvent(event);
                }
            };
        }
    }

    /** Counts the listeners that are taken from it. */
    static final class Multicaster extends SimpleApplicationEventMulticaster {

        private int removed;

        @Override
        public void removeApplicationListenerBean(String name) {
            this.removed++;
            super.removeApplicationListenerBean(name);
        }
    }
}
