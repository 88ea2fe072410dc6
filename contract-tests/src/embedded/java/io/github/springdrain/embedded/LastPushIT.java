// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import java.lang.reflect.Field;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

/** What the last push of a meter registry has of the end of an application. */
@Timeout(120)
class LastPushIT {

    private static final String TOMCATS_REGISTRY = "org.apache.tomcat.util.modeler.Registry";

    private static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(MeteredApplication.class)
                .web(WebApplicationType.SERVLET)
                .properties("server.port=0", "server.tomcat.mbeanregistry.enabled=true")
                .properties(properties)
                .run();
    }

    /** Whoever starts Tomcat without its MBeans in this process has switched them off for good. */
    @BeforeEach
    @AfterEach
    void forgetThatTomcatHasNoMBeans() throws Exception {
        if (isTomcat()) {
            Field registry = ClassUtils.forName(TOMCATS_REGISTRY, null).getDeclaredField("registry");
            registry.setAccessible(true);
            registry.set(null, null);
        }
    }

    private static boolean isTomcat() {
        return ClassUtils.isPresent(TOMCATS_REGISTRY, null);
    }

    private static RawClient client(ConfigurableApplicationContext context) {
        return RawClient.plain(
                "localhost", context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }

    @Test
    void hasWhatWasAbortedAndHowLongTheDrainTook() throws Exception {
        ConfigurableApplicationContext context = start("server.drain.timeout=2s");
        PushedRegistry registry = context.getBean(PushedRegistry.class);
        assertThat(client(context).get("/hello").outcome()).isEqualTo(Outcome.COMPLETE);
        RawConnection held = client(context).connect().request("GET", "/held");
        context.getBean(MeteredApplication.Held.class).awaitRequest();
        DrainReport report = Closing.of(context);
        held.close();
        assertThat(report.aborted()).hasSize(1);
        Map<String, Double> push = only(registry);
        assertThat(push)
                .containsEntry("server.drain.phase", 6.0)
                .containsEntry("server.drain.requests forced", 1.0)
                .containsEntry("http.server.requests /hello SUCCESS", 1.0)
                .hasEntrySatisfying(
                        "server.drain.duration",
                        (seconds) ->
                                assertThat(seconds).isCloseTo(report.duration().toMillis() / 1000.0, within(0.001)));
        if (isTomcat()) {
            assertThat(push)
                    .containsKeys("tomcat.global.error", "tomcat.global.received")
                    .hasEntrySatisfying(
                            "tomcat.global.request",
                            (count) -> assertThat(count).isGreaterThanOrEqualTo(1.0))
                    .hasEntrySatisfying(
                            "tomcat.global.sent", (bytes) -> assertThat(bytes).isGreaterThanOrEqualTo(5.0));
        }
    }

    @Test
    void hasTheRequestsThatEndedWhileDraining() throws Exception {
        ConfigurableApplicationContext context = start();
        PushedRegistry registry = context.getBean(PushedRegistry.class);
        Drain drain = context.getBean(Drain.class);
        RawConnection held = client(context).connect().request("GET", "/held");
        MeteredApplication.Held application = context.getBean(MeteredApplication.Held.class);
        application.awaitRequest();
        Thread closer = new Thread(context::close, "test-closer");
        closer.start();
        while (drain.phase() != DrainPhase.FINISHING) {
            Thread.onSpinWait();
        }
        application.letGo();
        assertThat(held.read().outcome()).isEqualTo(Outcome.COMPLETE);
        closer.join();
        assertThat(only(registry))
                .containsEntry("http.server.requests /held SUCCESS", 1.0)
                .containsEntry("server.drain.requests completed", 1.0)
                .containsEntry("server.drain.requests forced", 0.0);
    }

    @Test
    void hasNotWithoutTheDrain() throws Exception {
        ConfigurableApplicationContext context = start("server.drain.enabled=false");
        PushedRegistry registry = context.getBean(PushedRegistry.class);
        RawConnection held = client(context).connect().request("GET", "/held");
        MeteredApplication.Held application = context.getBean(MeteredApplication.Held.class);
        application.awaitRequest();
        Thread closer = new Thread(context::close, "test-closer");
        closer.start();
        while (registry.pushes().isEmpty()) {
            Thread.onSpinWait();
        }
        application.letGo();
        assertThat(held.read().outcome()).isEqualTo(Outcome.COMPLETE);
        closer.join();
        assertThat(only(registry)).doesNotContainKey("http.server.requests /held SUCCESS");
    }

    private static Map<String, Double> only(PushedRegistry registry) {
        assertThat(registry.pushes()).hasSize(1);
        return registry.pushes().get(0);
    }
}
