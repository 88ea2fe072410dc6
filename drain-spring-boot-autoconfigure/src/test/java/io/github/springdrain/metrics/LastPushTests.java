// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.autoconfigure.DrainMetricsAutoConfiguration;
import io.github.springdrain.testing.WebApplication;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.step.StepMeterRegistry;
import io.micrometer.core.instrument.step.StepRegistryConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;

/** What a registry that pushes reports of a drain, closed by Boot's own auto-configuration. */
class LastPushTests {

    private final WebApplication application = new WebApplication();

    private PushedRegistry registry() {
        return this.application.context().getBean(PushedRegistry.class);
    }

    private void start() {
        this.application
                .with("server.drain.timeout=1s")
                .start(
                        MetricsAutoConfiguration.class,
                        DrainMetricsAutoConfiguration.class,
                        RegistryConfiguration.class);
    }

    @AfterEach
    void closeContext() {
        this.application.abandon();
    }

    @Test
    void containsWhatTheDrainHadToAbort() {
        start();
        PushedRegistry registry = registry();
        this.application.server().open(ConnectionState.IN_SERVICE, "GET", "/slow");
        this.application.close();
        assertThat(registry.pushes)
                .singleElement()
                .satisfies((push) -> assertThat(push)
                        .containsEntry("server.drain.requests forced", 1.0)
                        .containsEntry("server.drain.phase", 6.0));
    }

    @Test
    void comesBeforeBootStopsTheServer() {
        start();
        List<String> story = this.application.story();
        registry().onPush = () -> story.add("last push");
        this.application.close();
        assertThat(story).containsSubsequence("closeListeners", "last push", "Boot stops the server");
    }

    @Test
    void comesInItsTurnWhereNoServerIsServing() {
        List<String> story = this.application.story();
        this.application.on(ContextClosedEvent.class, (event) -> story.add("application is notified"));
        start();
        registry().onPush = () -> story.add("last push");
        this.application.server().stop();
        this.application.close();
        assertThat(story).containsSubsequence("last push", "Boot shuts down gracefully");
    }

    @Configuration(proxyBeanMethods = false)
    static class RegistryConfiguration {

        @Bean
        PushedRegistry pushedRegistry() {
            return new PushedRegistry();
        }
    }

    /** Pushes when it is closed, and never before. */
    static final class PushedRegistry extends StepMeterRegistry {

        private final List<Map<String, Double>> pushes = new CopyOnWriteArrayList<>();

        private volatile Runnable onPush = () -> {};

        PushedRegistry() {
            super(new OneStep(), Clock.SYSTEM);
        }

        @Override
        protected void publish() {
            this.onPush.run();
            this.pushes.add(getMeters().stream()
                    .filter((meter) -> meter.getId().getName().startsWith("server.drain"))
                    .collect(Collectors.toMap(
                            (meter) ->
                                    name(meter.getId().getName(), meter.getId().getTag("outcome")),
                            (meter) -> meter.measure().iterator().next().getValue())));
        }

        private static String name(String meter, @Nullable String outcome) {
            return (outcome != null) ? meter + " " + outcome : meter;
        }

        @Override
        protected TimeUnit getBaseTimeUnit() {
            return TimeUnit.SECONDS;
        }
    }

    /** One step for the whole test. */
    private static final class OneStep implements StepRegistryConfig {

        @Override
        public String prefix() {
            return "test";
        }

        @Override
        public @Nullable String get(String key) {
            return null;
        }

        @Override
        public Duration step() {
            return Duration.ofHours(10);
        }
    }
}
