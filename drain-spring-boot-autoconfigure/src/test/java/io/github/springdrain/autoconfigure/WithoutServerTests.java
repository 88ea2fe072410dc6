// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.DrainParticipant;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainPhaseEvent;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainReportEvent;
import io.github.springdrain.testing.RecordingWebServerFactory;
import jakarta.servlet.ServletContainerInitializer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServerFactoryCustomizerBeanPostProcessor;
import org.springframework.boot.web.servlet.support.SpringBootServletInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.SpringServletContainerInitializer;

/** Applications on a server that the library does not drain, or on none. */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class WithoutServerTests {

    private static final List<String> story = new CopyOnWriteArrayList<>();

    private static final List<DrainReport> reports = new CopyOnWriteArrayList<>();

    private static volatile CountDownLatch work = new CountDownLatch(1);

    @TempDir
    Path folder;

    @BeforeEach
    void forget() {
        story.clear();
        reports.clear();
        work = new CountDownLatch(1);
    }

    private static ConfigurableApplicationContext start(
            Class<?> application, WebApplicationType type, String... arguments) {
        return new SpringApplicationBuilder(application)
                .web(type)
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .run(arguments);
    }

    private static Thread close(ConfigurableApplicationContext context) {
        Thread closing = new Thread(context::close, "close");
        closing.start();
        return closing;
    }

    @Test
    void anApplicationWithoutAServerWaitsForItsBackgroundWork() throws Exception {
        ConfigurableApplicationContext context = start(Scheduling.class, WebApplicationType.NONE);
        await().atMost(20, TimeUnit.SECONDS).until(() -> story.contains("task begins"));
        Thread closing = close(context);
        await().atMost(20, TimeUnit.SECONDS).until(() -> story.contains("FINISHING") || story.contains("ANNOUNCED"));
        assertThat(closing.isAlive()).isTrue();
        work.countDown();
        closing.join();
        assertThat(story).containsSubsequence("task begins", "ANNOUNCED", "task ends", "DRAINED", "destroyed");
        assertThat(reports).singleElement().satisfies((report) -> {
            assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
            assertThat(report.server()).isNull();
            assertThat(report.summary()).contains("no server was drained");
        });
    }

    @Test
    void theControlDoesNotWait() throws Exception {
        ConfigurableApplicationContext context = start(
                Scheduling.class,
                WebApplicationType.NONE,
                "--server.drain.enabled=false",
                "--spring.lifecycle.timeout-per-shutdown-phase=100ms");
        await().atMost(20, TimeUnit.SECONDS).until(() -> story.contains("task begins"));
        close(context).join();
        assertThat(story)
                .doesNotContain("ANNOUNCED")
                .doesNotContain("task ends")
                .contains("destroyed");
        work.countDown();
    }

    @Test
    void anApplicationWithoutAServerEndsAtOnceOnKubernetesUnlessItsDelayIsSet() {
        ConfigurableApplicationContext context =
                start(Idle.class, WebApplicationType.NONE, "--spring.main.cloud-platform=kubernetes");
        context.close();
        assertThat(reports)
                .singleElement()
                .satisfies((report) ->
                        assertThat(report.phases().get(DrainPhase.ANNOUNCED)).isLessThan(Duration.ofSeconds(4)));
    }

    @Test
    void anApplicationWithoutAServerHasTheDelayThatIsSet() {
        start(Idle.class, WebApplicationType.NONE, "--server.drain.announce.delay=300ms")
                .close();
        assertThat(reports)
                .singleElement()
                .satisfies((report) -> assertThat(report.phases().get(DrainPhase.ANNOUNCED))
                        .isGreaterThanOrEqualTo(Duration.ofMillis(300)));
    }

    @Test
    void anApplicationThatWasStoppedBeforeItIsClosedHasNothingToDrain() {
        ConfigurableApplicationContext context = start(Idle.class, WebApplicationType.NONE);
        context.stop();
        context.close();
        assertThat(reports).isEmpty();
    }

    @Test
    void aServerOfAnotherKindIsDrainedOfItsBackgroundWorkAndStoppedBySpringBoot() throws Exception {
        ConfigurableApplicationContext context = start(ForeignServer.class, WebApplicationType.SERVLET);
        Thread closing = close(context);
        await().atMost(20, TimeUnit.SECONDS).until(() -> story.contains("FINISHING"));
        assertThat(story).doesNotContain("Boot shuts down gracefully");
        work.countDown();
        closing.join();
        assertThat(story)
                .containsSubsequence(
                        "Boot starts the server",
                        "ANNOUNCED",
                        "FINISHING",
                        "DRAINED",
                        "Boot shuts down gracefully",
                        "Boot stops the server");
        assertThat(reports)
                .singleElement()
                .satisfies((report) -> assertThat(report.summary()).contains("no server was drained"));
    }

    @Test
    void aWarInAnExternalContainerIsDrainedWithoutTouchingTheContainer(CapturedOutput output) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(this.folder.toString());
        tomcat.setPort(0);
        ServletContainerInitializer initializer = new SpringServletContainerInitializer();
        tomcat.addContext("", this.folder.toString())
                .addServletContainerInitializer(initializer, Set.of(DeployedApplication.class));
        tomcat.getConnector();
        tomcat.start();
        assertThat(story).contains("started");
        work.countDown();
        tomcat.stop();
        tomcat.destroy();
        assertThat(output).containsOnlyOnce("Drain without a server").doesNotContain("Accept queue of");
        assertThat(reports)
                .singleElement()
                .satisfies((report) -> assertThat(report.server()).isNull());
    }

    /** Spring Boot customizes its factories of all containers there, too. */
    @Test
    void noKindOfContainerIsBoundWhereAnotherOneHasDeployedTheApplication() {
        AutoConfigurations configurations =
                AutoConfigurations.of(DrainAutoConfiguration.class, DrainServerAutoConfiguration.class);
        new WebApplicationContextRunner()
                .withConfiguration(configurations)
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ServerBinding.class));
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(configurations)
                .run((context) -> assertThat(context)
                        .hasNotFailed()
                        .getBeanNames(ServerBinding.class)
                        .contains("drainTomcatBinding", "drainJettyBinding", "drainUndertowBinding"));
    }

    @Test
    void aTestWithAMockOfAWebEnvironmentIsNotDrained() {
        AtomicBoolean announced = new AtomicBoolean();
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(DrainAutoConfiguration.class))
                .withBean(DrainParticipant.class, () -> new DrainParticipant() {

                    @Override
                    public String name() {
                        return "own";
                    }

                    @Override
                    public void prepare(Duration remaining) {
                        announced.set(true);
                    }

                    @Override
                    public boolean isActive(Duration remaining) {
                        return true;
                    }
                })
                .run((context) -> assertThat(context).hasNotFailed());
        assertThat(announced).isFalse();
    }

    /** Writes down what the drain does. */
    @ImportAutoConfiguration(DrainAutoConfiguration.class)
    static class Storyteller {

        @EventListener
        void phase(DrainPhaseEvent event) {
            story.add(event.phase().name());
        }

        @EventListener
        void report(DrainReportEvent event) {
            reports.add(event.report());
        }

        @Bean(destroyMethod = "close")
        AutoCloseable destroyed() {
            story.add("started");
            return () -> story.add("destroyed");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Idle extends Storyteller {}

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    @ImportAutoConfiguration({
        LifecycleAutoConfiguration.class,
        TaskSchedulingAutoConfiguration.class,
        DrainTasksAutoConfiguration.class
    })
    static class Scheduling extends Storyteller {

        @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
        void task() {
            story.add("task begins");
            try {
                work.await();
                story.add("task ends");
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({DrainServerAutoConfiguration.class})
    static class ForeignServer extends Storyteller {

        @Bean
        static WebServerFactoryCustomizerBeanPostProcessor customizers() {
            return new WebServerFactoryCustomizerBeanPostProcessor();
        }

        @Bean
        RecordingWebServerFactory serverFactory() {
            return new RecordingWebServerFactory(story);
        }

        @Bean
        DrainParticipant participant() {
            return new DrainParticipant() {

                @Override
                public String name() {
                    return "own";
                }

                @Override
                public boolean isActive(Duration remaining) {
                    return work.getCount() > 0;
                }
            };
        }
    }

    /** What a WAR contains. */
    public static final class DeployedApplication extends SpringBootServletInitializer {

        @Override
        protected SpringApplicationBuilder configure(SpringApplicationBuilder builder) {
            return builder.sources(ForeignServer.class)
                    .bannerMode(Banner.Mode.OFF)
                    .registerShutdownHook(false);
        }
    }
}
