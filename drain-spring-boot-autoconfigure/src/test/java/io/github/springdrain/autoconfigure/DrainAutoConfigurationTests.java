// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.actuate.DrainEndpoint;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.engine.DrainSettings.ConnectionClose;
import io.github.springdrain.metrics.DrainMetrics;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.linger.LingerLimits;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.spring.DrainLifecycle;
import io.github.springdrain.spring.ReadinessPolicy;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

class DrainAutoConfigurationTests {

    private static final String TEST_MARKER =
            "org.springframework.boot.test.context.SpringBootTestContextBootstrapper=true";

    private static final String ON_KUBERNETES = "spring.main.cloud-platform=kubernetes";

    private final AutoConfigurations configurations =
            AutoConfigurations.of(DrainAutoConfiguration.class, DrainMetricsAutoConfiguration.class);

    private final WebApplicationContextRunner runner =
            new WebApplicationContextRunner().withConfiguration(this.configurations);

    @Test
    void drainsWebApplications() {
        this.runner.run((context) -> assertThat(context).hasSingleBean(DrainLifecycle.class));
    }

    @Test
    void drainsApplicationsWithoutAServerOfEverythingElse() {
        new ApplicationContextRunner()
                .withConfiguration(this.configurations)
                .run((context) ->
                        assertThat(context).hasSingleBean(DrainLifecycle.class).doesNotHaveBean(LingeringCloser.class));
    }

    @Test
    void canBeTurnedOff() {
        this.runner
                .withPropertyValues("server.drain.enabled=false")
                .run((context) -> assertThat(context).doesNotHaveBean(DrainEngine.class));
    }

    @Test
    void isOffWhereTheServerIsToStopAtOnce() {
        this.runner
                .withPropertyValues("server.shutdown=IMMEDIATE")
                .run((context) -> assertThat(context).doesNotHaveBean(DrainEngine.class));
    }

    @Test
    void isOnWhereTheUserSaysSoWhateverTheServerIsTo() {
        this.runner
                .withPropertyValues("server.shutdown=immediate", "server.drain.enabled=true")
                .run((context) -> assertThat(context).hasSingleBean(DrainEngine.class));
        this.runner
                .withPropertyValues("server.shutdown=graceful")
                .run((context) -> assertThat(context).hasSingleBean(DrainEngine.class));
    }

    @Test
    void usesADrainOfTheApplicationsOwn() {
        DrainEngine own = new DrainEngine(DrainSettings.DEFAULTS);
        this.runner
                .withBean("drainEngine", DrainEngine.class, () -> own)
                .run((context) -> assertThat(context.getBean(DrainEngine.class)).isSameAs(own));
    }

    @Test
    void hasTheDefaultsOfTheCore() {
        this.runner.run(settings((settings) -> assertThat(settings).isEqualTo(DrainSettings.DEFAULTS)));
        this.runner.run((context) -> {
            DrainProperties properties = context.getBean(DrainProperties.class);
            assertThat(properties.linger().limits()).isEqualTo(LingerLimits.DEFAULTS);
            assertThat(properties.linger().limits().unreadBody()).isEqualTo(LingerLimits.UnreadBody.DEFAULTS);
            assertThat(properties.linger().enabled()).isTrue();
            assertThat(properties.announce().readiness()).isEqualTo(ReadinessPolicy.IMMEDIATE);
            assertThat(properties.acceptQueue().gate()).isEqualTo(AcceptQueueProperties.Gate.AUTO);
        });
    }

    @Test
    void bindsEverySetting() {
        this.runner
                .withPropertyValues(
                        "server.drain.timeout=60s",
                        "server.drain.announce.delay=10s",
                        "server.drain.announce.min-delay=2s",
                        "server.drain.announce.quiet-period=1s",
                        "server.drain.announce.connection-close=gradual",
                        "server.drain.accept-queue.timeout=4s",
                        "server.drain.accept-queue.quiet-period=300ms",
                        "server.drain.connections.first-request-grace=1s",
                        "server.drain.connections.idle-grace=2s",
                        "server.drain.connections.stall-timeout=3s")
                .run(settings((settings) -> assertThat(settings)
                        .isEqualTo(new DrainSettings(
                                Duration.ofSeconds(60),
                                new DrainSettings.Announce(
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(1),
                                        ConnectionClose.GRADUAL),
                                new AcceptQueueLimits(Duration.ofSeconds(4), Duration.ofMillis(300)),
                                new IdleLimits(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3))))));
    }

    @ParameterizedTest
    @CsvSource({"60s, , 60s", "10s, , 25s", "60s, 30s, 30s", "10s, 30s, 30s", ", 30s, 30s", ", , 25s"})
    void givesRequestsTheTimeThatTheShutdownPhasesHaveUnlessTheUserSaysOtherwise(
            @Nullable String perPhase, @Nullable String timeout, String expected) {
        WebApplicationContextRunner limited = this.runner;
        if (perPhase != null) {
            limited = limited.withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=" + perPhase);
        }
        if (timeout != null) {
            limited = limited.withPropertyValues("server.drain.timeout=" + timeout);
        }
        limited.run(settings(
                (settings) -> assertThat(settings.timeout()).isEqualTo(DurationStyle.detectAndParse(expected))));
    }

    @Test
    void announcesForFiveSecondsOnKubernetes() {
        this.runner.withPropertyValues(ON_KUBERNETES).run(delay("5s"));
    }

    @Test
    void announcesForAtMostHalfOfTheTimeoutOnKubernetes() {
        this.runner.withPropertyValues(ON_KUBERNETES, "server.drain.timeout=8s").run(delay("4s"));
    }

    @Test
    void announcesAtLeastForTheMinDelayOnKubernetes() {
        this.runner
                .withPropertyValues(ON_KUBERNETES, "server.drain.announce.min-delay=7s")
                .run(delay("7s"));
    }

    @Test
    void doesNotAnnounceInATestOnKubernetes() {
        this.runner
                .withPropertyValues(ON_KUBERNETES, TEST_MARKER, "server.drain.announce.min-delay=7s")
                .run(delay("0s"));
    }

    @Test
    void letsStreamsAndIdleConnectionsEndAtOnceInATestUnlessTheUserSaysOtherwise() {
        this.runner.withPropertyValues(TEST_MARKER).run(settings((settings) -> {
            assertThat(settings.streams().timeout()).isZero();
            assertThat(settings.connections().idleGrace()).isLessThan(Duration.ofMillis(100));
            assertThat(settings.connections().firstRequestGrace()).isLessThan(Duration.ofMillis(100));
        }));
        this.runner
                .withPropertyValues(
                        TEST_MARKER,
                        "server.drain.streams.timeout=2s",
                        "server.drain.connections.idle-grace=500ms",
                        "server.drain.connections.first-request-grace=500ms")
                .run(settings((settings) -> {
                    assertThat(settings.streams().timeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(settings.connections()).isEqualTo(DrainSettings.DEFAULTS.connections());
                }));
    }

    @Test
    void doesNotAnnounceAwayFromKubernetesEvenWithAMinDelay() {
        this.runner.withPropertyValues("server.drain.announce.min-delay=7s").run(delay("0s"));
    }

    @Test
    void announcesAsLongAsTheUserSaysEverywhere() {
        this.runner
                .withPropertyValues("server.drain.announce.delay=3s", TEST_MARKER)
                .run(delay("3s"));
        this.runner
                .withPropertyValues("server.drain.announce.delay=0s", ON_KUBERNETES)
                .run(delay("0s"));
    }

    @Test
    void readsTheReportFileAsItIsAndTakesAnEmptyOneForNone() {
        this.runner.run(reportFile(null));
        this.runner.withPropertyValues("server.drain.report.file=").run(reportFile(""));
        this.runner.withPropertyValues("server.drain.report.file=/tmp/drain").run(reportFile("/tmp/drain"));
    }

    private static ContextConsumer<AssertableWebApplicationContext> reportFile(@Nullable String expected) {
        return (context) -> assertThat(
                        context.getBean(DrainProperties.class).report().file())
                .isEqualTo(expected);
    }

    @Test
    void hasMetersWithMicrometerOnly() {
        this.runner.run((context) -> assertThat(context).hasSingleBean(DrainMetrics.class));
        this.runner
                .withClassLoader(new FilteredClassLoader("io.micrometer"))
                .run((context) -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(DrainEngine.class)
                        .doesNotHaveBean("drainMetrics"));
    }

    @Test
    void hasNoEndpointWithoutTheActuator() {
        this.runner.run((context) -> assertThat(context).doesNotHaveBean(DrainEndpoint.class));
    }

    private static ContextConsumer<AssertableWebApplicationContext> delay(String expected) {
        Duration duration = DurationStyle.detectAndParse(expected);
        return settings((settings) -> assertThat(settings.announce().delay()).isEqualTo(duration));
    }

    private static ContextConsumer<AssertableWebApplicationContext> settings(Consumer<DrainSettings> assertions) {
        return (context) -> {
            assertThat(context).hasNotFailed();
            assertions.accept(context.getBean(DrainEngine.class).settings());
        };
    }
}
