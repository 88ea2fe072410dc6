// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** {@code /actuator/health} follows the drain where there are no probes, on servlet and on reactive applications. */
@Timeout(120)
class HealthIT {

    private @Nullable ConfigurableApplicationContext application;

    /** Without the rest of the announcement. */
    @AfterEach
    void close() {
        if (this.application != null) {
            this.application.getBean(Drain.class).start(DrainTrigger.ENDPOINT).force();
            this.application.close();
        }
    }

    private ConfigurableApplicationContext start(WebApplicationType type, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                // As Spring Boot 3.5 has it outside of Kubernetes.
                "management.endpoint.health.probes.enabled=false",
                "management.endpoint.health.show-details=always",
                "server.drain.announce.delay=20s"));
        all.addAll(List.of(properties));
        ConfigurableApplicationContext context = new SpringApplicationBuilder(HealthApplication.class)
                .web(type)
                .properties(all.toArray(String[]::new))
                .run();
        this.application = context;
        return context;
    }

    private static RawResponse health(ConfigurableApplicationContext context) {
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return RawClient.plain("localhost", port).get("/actuator/health");
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void isOutOfServiceFromTheAnnouncementOnAndUpAfterAResume(WebApplicationType type) throws Exception {
        ConfigurableApplicationContext context = start(type);
        assertThat(health(context).status()).isEqualTo(200);
        assertThat(health(context).text()).contains("\"drain\":{", "\"phase\":\"RUNNING\"");
        Drain drain = announce(context);
        assertThat(health(context).status()).isEqualTo(503);
        assertThat(health(context).text())
                .contains("\"status\":\"OUT_OF_SERVICE\"", "\"phase\":\"ANNOUNCED\"", "\"remaining\":\"PT");
        drain.resume();
        assertThat(health(context).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void staysUpInTheAnnouncementByThePolicy(WebApplicationType type) throws Exception {
        ConfigurableApplicationContext context = start(type, "server.drain.announce.readiness=at-close");
        Drain drain = announce(context);
        assertThat(health(context).status()).isEqualTo(200);
        drain.resume();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void changesNothingWhereItIsSwitchedOff(WebApplicationType type) throws Exception {
        ConfigurableApplicationContext context = start(type, "management.health.drain.enabled=false");
        Drain drain = announce(context);
        assertThat(health(context).status()).isEqualTo(200);
        assertThat(health(context).text()).doesNotContain("drain");
        drain.resume();
    }

    @ParameterizedTest
    @EnumSource(names = {"SERVLET", "REACTIVE"})
    void leavesTheProbesAlone(WebApplicationType type) throws Exception {
        ConfigurableApplicationContext context = start(type, "management.endpoint.health.probes.enabled=true");
        Drain drain = announce(context);
        int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        RawClient client = RawClient.plain("localhost", port);
        RawResponse liveness = client.get("/actuator/health/liveness");
        assertThat(liveness.status()).isEqualTo(200);
        assertThat(liveness.text()).doesNotContain("drain");
        assertThat(client.get("/actuator/health/readiness").text()).doesNotContain("drain");
        drain.resume();
    }

    /** Starts a drain; returns when its listeners know, which are notified one after the other. */
    private static Drain announce(ConfigurableApplicationContext context) throws Exception {
        Drain drain = context.getBean(Drain.class);
        CountDownLatch announced = new CountDownLatch(1);
        drain.addListener(new DrainListener() {
            @Override
            public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
                announced.countDown();
            }
        });
        drain.start(DrainTrigger.ENDPOINT);
        assertThat(announced.await(30, TimeUnit.SECONDS)).isTrue();
        return drain;
    }
}
