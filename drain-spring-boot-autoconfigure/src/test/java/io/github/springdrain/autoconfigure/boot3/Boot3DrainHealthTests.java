// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure.boot3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.autoconfigure.DrainAutoConfiguration;
import io.github.springdrain.autoconfigure.DrainHealthAutoConfiguration;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.testing.RecordingServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.availability.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.HealthEndpointAutoConfiguration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthComponent;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.actuate.health.HealthEndpointGroups;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class Boot3DrainHealthTests {

    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EndpointAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class,
                    DrainAutoConfiguration.class,
                    DrainHealthAutoConfiguration.class,
                    Boot3DrainHealthAutoConfiguration.class));

    private final RecordingServer server = new RecordingServer();

    @Test
    void isUpWhileNoDrainIsUnderWay() {
        this.runner.run((context) -> {
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsOnlyKeys("phase").containsEntry("phase", "RUNNING");
        });
    }

    @ParameterizedTest
    @CsvSource({"immediate, OUT_OF_SERVICE", "at-close, UP", "never, UP"})
    void followsTheReadinessPolicyInTheAnnouncementAndIsUpAfterAResume(String policy, String status) {
        this.runner
                .withPropertyValues("server.drain.announce.readiness=" + policy, "server.drain.announce.delay=20s")
                .run((context) -> {
                    Drain drain = attach(context);
                    drain.start(DrainTrigger.ENDPOINT);
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> health(context).getDetails().containsKey("remaining"));
                    assertThat(health(context).getStatus()).isEqualTo(new Status(status));
                    assertThat(health(context).getDetails())
                            .containsEntry("phase", "ANNOUNCED")
                            .hasEntrySatisfying(
                                    "remaining",
                                    (remaining) -> assertThat(Duration.parse(remaining.toString()))
                                            .isBetween(Duration.ofMillis(1), Duration.ofSeconds(25)));
                    drain.resume();
                    assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                    assertThat(health(context).getDetails()).containsOnlyKeys("phase");
                    this.server.stop();
                });
    }

    @ParameterizedTest
    @CsvSource({"immediate, OUT_OF_SERVICE", "at-close, OUT_OF_SERVICE", "never, UP"})
    void followsTheReadinessPolicyOnceTheListenersAreClosed(String policy, String status) {
        this.runner
                .withPropertyValues("server.drain.announce.readiness=" + policy)
                .run((context) -> {
                    Drain drain = attach(context);
                    assertThat(drain.start(DrainTrigger.ENDPOINT).awaitReport()).isTrue();
                    assertThat(health(context).getStatus()).isEqualTo(new Status(status));
                    assertThat(health(context).getDetails()).containsEntry("phase", DrainPhase.DRAINED.name());
                    this.server.stop();
                });
    }

    @Test
    void looksAtNoConnection() {
        this.runner.run((context) -> {
            Drain drain = attach(context);
            assertThat(drain.start(DrainTrigger.ENDPOINT).awaitReport()).isTrue();
            int before = this.server.scans();
            health(context);
            assertThat(this.server.scans()).isEqualTo(before);
            this.server.stop();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "management.health.drain.enabled=false",
                "management.health.defaults.enabled=false",
                "server.drain.enabled=false",
                "management.endpoint.health.group.drain.include=ping"
            })
    void isNotThereWhere(String property) {
        this.runner
                .withPropertyValues(property)
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("drainHealthIndicator"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"drainHealthIndicator", "drainHealthContributor"})
    void backsOffFromOneOfTheApplication(String name) {
        this.runner
                .withBean(name, HealthIndicator.class, () -> () -> Health.down().build())
                .run((context) -> {
                    assertThat(context).hasNotFailed();
                    assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
                });
    }

    @Test
    void isPartOfNeitherTheLivenessNorTheReadinessGroup() {
        this.runner
                .withConfiguration(AutoConfigurations.of(
                        ApplicationAvailabilityAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class))
                .withPropertyValues("management.endpoint.health.probes.enabled=true")
                .run((context) -> {
                    HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
                    assertThat(groups.getNames()).contains("liveness", "readiness");
                    assertThat(groups.getPrimary().isMember("drain")).isTrue();
                    assertThat(groups.getNames())
                            .allSatisfy((name) -> assertThat(groups.get(name).isMember("drain"))
                                    .as(name)
                                    .isFalse());
                });
    }

    private Drain attach(ApplicationContext context) {
        DrainEngine drain = context.getBean(DrainEngine.class);
        drain.attach(this.server);
        return drain;
    }

    /** What the health document says under the name {@code drain}. */
    private static Health health(ApplicationContext context) {
        HealthComponent component = context.getBean(HealthEndpoint.class).healthForPath("drain");
        return (Health) component;
    }
}
