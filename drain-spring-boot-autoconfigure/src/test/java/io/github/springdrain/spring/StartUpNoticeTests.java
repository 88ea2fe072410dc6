// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.autoconfigure.DrainAutoConfiguration;
import io.github.springdrain.autoconfigure.ImmediateShutdownAutoConfiguration;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.testing.LogLines;
import io.github.springdrain.testing.RecordingServer;
import io.github.springdrain.testing.RecordingWebServerFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;

class StartUpNoticeTests {

    private final LogLines lines = new LogLines(StartUpNotice.class);

    private final List<String> story = new ArrayList<>();

    private final WebApplicationContextRunner mockRunner = new WebApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DrainAutoConfiguration.class, ImmediateShutdownAutoConfiguration.class));

    private final WebApplicationContextRunner serverRunner = new WebApplicationContextRunner(
                    AnnotationConfigServletWebServerApplicationContext::new)
            .withConfiguration(
                    AutoConfigurations.of(DrainAutoConfiguration.class, ImmediateShutdownAutoConfiguration.class))
            .withBean(RecordingWebServerFactory.class, () -> new RecordingWebServerFactory(this.story));

    @AfterEach
    void stopListening() {
        this.lines.close();
    }

    @Test
    void logsOnceThatTheContainerIsNotSupportedAndLeavesBootAlone() {
        this.serverRunner.run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.info())
                .singleElement()
                .satisfies((line) -> assertThat(line)
                        .startsWith("Drain does not support the container yet (RecordingWebServerFactory)"));
        assertThat(this.story)
                .startsWith("Boot starts the server", "Boot shuts down gracefully", "Boot stops the server");
    }

    @Test
    void logsOnceThatImmediateShutdownTurnsTheDrainOff() {
        this.serverRunner
                .withPropertyValues("server.shutdown=immediate")
                .run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.info())
                .singleElement()
                .satisfies((line) -> assertThat(line)
                        .contains("Drain is off because of server.shutdown=immediate")
                        .contains("server.drain.enabled=true"));
    }

    @Test
    void saysNothingWhereTheDrainIsTurnedOff() {
        this.serverRunner
                .withPropertyValues("server.drain.enabled=false", "server.shutdown=immediate")
                .run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.info()).isEmpty();
    }

    @Test
    void logsOnKubernetesHowLongTheGracePeriodHasToBe() {
        onKubernetes().run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.info())
                .singleElement()
                .satisfies((line) -> assertThat(line)
                        .contains("terminationGracePeriodSeconds has to be at least 30s = 25s server.drain.timeout (of"
                                + " which 5s server.drain.announce.delay) + 5s rest of the shutdown")
                        .contains("server.drain.kubernetes.termination-grace-period"));
    }

    @Test
    void saysNothingOfTheGracePeriodToAUserWhoHasNamedIt() {
        onKubernetes()
                .withPropertyValues("server.drain.kubernetes.termination-grace-period=60")
                .run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.info()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"10s, 60s", "60s, 10s"})
    void warnsOfTimeLimitsThatDisagree(String timeout, String perPhase) {
        drained(this.serverRunner)
                .withPropertyValues(
                        "server.drain.timeout=" + timeout, "spring.lifecycle.timeout-per-shutdown-phase=" + perPhase)
                .run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.warn())
                .singleElement()
                .satisfies((line) -> assertThat(line)
                        .contains("server.drain.timeout (" + timeout + ") limits all that the drain waits for")
                        .contains("spring.lifecycle.timeout-per-shutdown-phase (" + perPhase + ") does not"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.drain.timeout=20s", "spring.lifecycle.timeout-per-shutdown-phase=60s", "a=b"})
    void saysNothingOfTimeLimitsWhereOnlyOneIsSet(String property) {
        drained(this.serverRunner)
                .withPropertyValues(property)
                .run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.warn()).isEmpty();
    }

    @Test
    void saysNothingOfShortShutdownPhasesWhereTheirSumWithTheDrainFitsInTheGracePeriod() {
        drained(this.serverRunner)
                .withPropertyValues(
                        "server.drain.timeout=8s",
                        "spring.lifecycle.timeout-per-shutdown-phase=2s",
                        "server.drain.kubernetes.termination-grace-period=10")
                .run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.warn()).isEmpty();
    }

    @Test
    void asksWhetherSecondsWereMeantWhereTheTimeoutIsInMilliseconds() {
        drained(this.serverRunner)
                .withPropertyValues("server.drain.timeout=60")
                .run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.warn())
                .singleElement()
                .satisfies((line) -> assertThat(line)
                        .contains("server.drain.timeout is 60 ms")
                        .contains("did you mean 60s?"));
    }

    @Test
    void warnsOnKubernetesWhereItsDefaultGracePeriodIsTooShort() {
        drained(this.serverRunner, duration("60s"))
                .withPropertyValues(
                        "spring.main.cloud-platform=kubernetes", "spring.lifecycle.timeout-per-shutdown-phase=60s")
                .run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.info()).isEmpty();
        assertThat(this.lines.warn())
                .singleElement()
                .satisfies((line) -> assertThat(line)
                        .contains("terminationGracePeriodSeconds has to be at least 65s")
                        .contains("Kubernetes' default of 30 is too short"));
    }

    private static Duration duration(String text) {
        return DurationStyle.detectAndParse(text);
    }

    private static WebApplicationContextRunner drained(WebApplicationContextRunner runner) {
        return drained(runner, duration("25s"));
    }

    private static WebApplicationContextRunner drained(WebApplicationContextRunner runner, Duration timeout) {
        return runner.withBean("drainEngine", DrainEngine.class, () -> {
            DrainEngine drain = new DrainEngine(new DrainSettings(
                    timeout,
                    new DrainSettings.Announce(
                            Duration.ofSeconds(5),
                            Duration.ZERO,
                            Duration.ZERO,
                            DrainSettings.ConnectionClose.IMMEDIATE),
                    DrainSettings.DEFAULTS.acceptQueue(),
                    DrainSettings.DEFAULTS.connections()));
            RecordingServer server = new RecordingServer();
            server.stop();
            drain.attach(server);
            return drain;
        });
    }

    private WebApplicationContextRunner onKubernetes() {
        return drained(this.serverRunner).withPropertyValues("spring.main.cloud-platform=kubernetes");
    }

    @Test
    void saysNothingWhereNoWebServerWasStarted() {
        this.mockRunner.run((context) -> assertThat(context).hasNotFailed());
        this.mockRunner
                .withPropertyValues("server.shutdown=immediate")
                .run((context) -> assertThat(context).hasNotFailed());
        assertThat(this.lines.info()).isEmpty();
    }
}
