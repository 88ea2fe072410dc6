// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReportEvent;
import io.github.springdrain.autoconfigure.DrainAutoConfiguration;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.testing.RecordingServer;
import io.github.springdrain.testing.RecordingWebServerFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextRefreshedEvent;

/** Applications that Boot starts and whose start fails, or does not. */
@Timeout(60)
class FailedStartUpTests {

    private static final String DELAY = "--server.drain.announce.delay=2s";

    private final List<String> story = new CopyOnWriteArrayList<>();

    private final List<DrainReportEvent> reports = new CopyOnWriteArrayList<>();

    private ConfigurableApplicationContext run(CommandLineRunner runner, Object... listeners) {
        SpringApplication application = new SpringApplication(Server.class);
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.addInitializers((context) -> {
            context.getBeanFactory().registerSingleton("factory", new RecordingWebServerFactory(this.story));
            context.getBeanFactory().registerSingleton("recorder", new RecordingServer(this.story));
            context.getBeanFactory().registerSingleton("runner", runner);
            for (Object listener : listeners) {
                context.getBeanFactory().registerSingleton("lifecycle", listener);
            }
            context.addApplicationListener((ApplicationListener<DrainReportEvent>) this.reports::add);
        });
        return application.run(DELAY);
    }

    private Duration announcement() {
        assertThat(this.reports).hasSize(1);
        return this.reports.get(0).report().phases().getOrDefault(DrainPhase.ANNOUNCED, Duration.ZERO);
    }

    @Test
    void doesNotWaitForAnybodyToNoticeAnApplicationThatWasNeverReady() {
        assertThatThrownBy(() -> run((arguments) -> {
                    throw new IllegalStateException("for the test");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(announcement()).isLessThan(Duration.ofSeconds(2));
        assertThat(this.story).containsSubsequence("announce", "closeListeners", "Boot stops the server");
    }

    @Test
    void doesNotDrainWhereTheContextItselfDoesNotStart() {
        assertThatThrownBy(() -> run((arguments) -> {}, new FailingLifecycle())).hasRootCauseMessage("for the test");
        assertThat(this.reports).isEmpty();
        assertThat(this.story).contains("Boot starts the server", "Boot stops the server");
    }

    @Test
    void waitsWhereTheApplicationWasReady() {
        run((arguments) -> {}).close();
        assertThat(announcement()).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Configuration(proxyBeanMethods = false)
    @Import(DrainAutoConfiguration.class)
    static class Server {

        @Bean
        ApplicationListener<ContextRefreshedEvent> attachment(DrainEngine drain, RecordingServer server) {
            return (event) -> drain.attach(server);
        }
    }

    /** Starts after the server, as listeners of a broker do. */
    private static final class FailingLifecycle implements SmartLifecycle {

        @Override
        public void start() {
            throw new IllegalStateException("for the test");
        }

        @Override
        public void stop() {}

        @Override
        public boolean isRunning() {
            return false;
        }
    }
}
