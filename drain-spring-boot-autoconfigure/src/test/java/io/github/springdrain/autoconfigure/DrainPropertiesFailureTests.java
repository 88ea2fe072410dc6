// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mock.web.MockServletContext;

/** What a user reads whose application does not start because of a setting. */
@ExtendWith(OutputCaptureExtension.class)
class DrainPropertiesFailureTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server.drain.timeout                        | 0s     | more than zero, at most PT24H
            server.drain.timeout                        | 2d     | more than zero, at most PT24H
            server.drain.announce.delay                 | 25s    | less than the timeout of the whole drain, PT25S
            server.drain.announce.delay                 | -1s    | zero or more, at most PT24H
            server.drain.announce.quiet-period          | -1s    | zero or more, at most PT24H
            server.drain.accept-queue.timeout           | -1s    | zero or more, at most PT24H
            server.drain.accept-queue.quiet-period      | -1s    | zero or more, at most PT24H
            server.drain.connections.first-request-grace| -1s    | zero or more, at most PT24H
            server.drain.connections.idle-grace         | -1s    | zero or more, at most PT24H
            server.drain.connections.stall-timeout      | -1s    | zero or more, at most PT24H
            server.drain.linger.idle-timeout            | 0s     | more than zero, at most PT24H
            server.drain.linger.timeout                 | 0s     | more than zero, at most PT24H
            server.drain.linger.max-bytes               | 0      | more than zero
            server.drain.linger.max-connections         | 0      | more than zero
            server.drain.linger.unread-body-timeout     | -1ms   | zero or more, at most PT1M
            server.drain.linger.unread-body-timeout     | 61s    | zero or more, at most PT1M
            server.drain.linger.unread-body-max-bytes   | -1B    | zero or more
            server.drain.kubernetes.termination-grace-period | 29s | at least 30s = 25s server.drain.timeout
            server.drain.kubernetes.termination-grace-period | 29  | at least 30s = 25s server.drain.timeout
            """)
    void namesPropertyValueAndWhatIsAllowed(String property, String value, String allowed, CapturedOutput output) {
        failToStart(property + "=" + value);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Invalid value '" + value + "' for configuration property '" + property + "'")
                .contains("Allowed: " + allowed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            com.acme.Poller                      | fully qualified names of classes and interfaces on the class path
            org.springframework.context.Lifecycle| types more specific than org.springframework.context.SmartLifecycle
            optional:java.lang.Object            | types more specific than org.springframework.context.SmartLifecycle
            """)
    void namesATypeOfBeansThatCannotBeStopped(String type, String allowed, CapturedOutput output) {
        failToStart("server.drain.participants.stop-types-at-announce=" + type);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Invalid value '" + type
                        + "' for configuration property 'server.drain.participants.stop-types-at-announce'")
                .contains("Allowed: " + allowed);
    }

    @Test
    void warnsOfAnOptionalTypeOfBeansThatIsMissing(CapturedOutput output) {
        start("server.drain.participants.stop-types-at-announce=optional:com.acme.Poller")
                .close();
        assertThat(output).contains("WARN").contains("'optional:com.acme.Poller'");
    }

    @Test
    void namesTheMinDelayThatIsLongerThanTheDelay(CapturedOutput output) {
        failToStart("server.drain.announce.delay=5s", "server.drain.announce.min-delay=6s");
        assertThat(output)
                .contains("Invalid value '6s' for configuration property 'server.drain.announce.min-delay'")
                .contains("Allowed: at most announce.delay, PT5S");
    }

    @Test
    void spellsOutTheGracePeriodThatAShutdownNeeds(CapturedOutput output) {
        failToStart(
                "server.drain.kubernetes.termination-grace-period=40s",
                "server.drain.timeout=40s",
                "server.drain.announce.delay=10s",
                "spring.lifecycle.timeout-per-shutdown-phase=2s");
        assertThat(output)
                .contains("Invalid value '40s' for configuration property"
                        + " 'server.drain.kubernetes.termination-grace-period'")
                .contains("Allowed: at least 42s = 40s server.drain.timeout (of which 10s server.drain.announce.delay)"
                        + " + 2s rest of the shutdown")
                .contains("terminationGracePeriodSeconds");
    }

    @Test
    void startsWhereTheShutdownFitsInTheGracePeriod() {
        try (ConfigurableApplicationContext context = start("server.drain.kubernetes.termination-grace-period=30")) {
            assertThat(context.getBean(DrainProperties.class).kubernetes().terminationGracePeriod())
                    .isEqualTo(Duration.ofSeconds(30));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server.drain.announce.readiness        | later | AT_CLOSE   | IMMEDIATE | NEVER
            server.drain.announce.connection-close | later | GRADUAL    | IMMEDIATE | NEVER
            server.drain.accept-queue.gate         | best  | SYN_FILTER | DEVICE    | OFF
            """)
    void listsTheAllowedWords(
            String property, String value, String one, String two, String three, CapturedOutput output) {
        failToStart(property + "=" + value);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property: " + property)
                .contains("Value: \"" + value + "\"")
                .contains("The following values are valid", one, two, three);
    }

    @ParameterizedTest
    @CsvSource({
        "server.drain.timeout,soon,is not a valid duration",
        "server.drain.linger.max-bytes,lots,does not match data size pattern",
        "server.drain.enabled,perhaps,Invalid boolean value"
    })
    void saysWhyAValueCannotBeRead(String property, String value, String reason, CapturedOutput output) {
        failToStart(property + "=" + value);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Property: " + property)
                .contains("Value: \"" + value + "\"")
                .contains(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "server.drain.announce.dely, server.drain.announce.delay",
        "server.drain.delay, server.drain.announce.delay",
        "server.drain.tiemout, server.drain.timeout",
        "server.drain.accept-queue.gates, server.drain.accept-queue.gate",
        "server.drain.participants.quarz.enabled, server.drain.participants.quartz.enabled",
        "server.drain.participants.stop-type-at-announce, server.drain.participants.stop-types-at-announce"
    })
    void namesTheKnownKeyThatIsNearestToAnUnknownOne(String unknown, String nearest, CapturedOutput output) {
        failToStart(unknown + "=5s");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("There is no property '" + unknown + "'")
                .contains("Did you mean '" + nearest + "'?");
    }

    @Test
    void namesAnUnknownKeyAmongTheSystemProperties(CapturedOutput output) {
        System.setProperty("server.drain.announce.dely", "5s");
        try {
            failToStart();
        } finally {
            System.clearProperty("server.drain.announce.dely");
        }
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("There is no property 'server.drain.announce.dely'")
                .contains("Did you mean 'server.drain.announce.delay'?");
    }

    @Test
    void doesNotMindTheOtherSettingsOfTheServer() {
        try (ConfigurableApplicationContext context = start("server.tomcat.threads.max=10", "server.port=0")) {
            assertThat(context.getBean(DrainProperties.class).enabled()).isTrue();
        }
    }

    private static void failToStart(String... properties) {
        assertThatThrownBy(() -> start(properties).close()).isInstanceOf(RuntimeException.class);
    }

    /** As an application starts, but for a mock of the servlet context in place of a server. */
    private static ConfigurableApplicationContext start(String... properties) {
        String[] arguments = new String[properties.length];
        for (int i = 0; i < properties.length; i++) {
            arguments[i] = "--" + properties[i];
        }
        return new SpringApplicationBuilder(DrainAutoConfiguration.class, DrainLifecyclesAutoConfiguration.class)
                .web(WebApplicationType.SERVLET)
                .bannerMode(Banner.Mode.OFF)
                .contextFactory((type) -> {
                    AnnotationConfigServletWebApplicationContext context =
                            new AnnotationConfigServletWebApplicationContext();
                    context.setServletContext(new MockServletContext());
                    return context;
                })
                .run(arguments);
    }
}
