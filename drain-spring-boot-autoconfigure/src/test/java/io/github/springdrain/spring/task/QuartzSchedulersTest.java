// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.TriggerBuilder;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;

/** Real schedulers with a store in memory, as Spring sets them up. */
@Timeout(60)
class QuartzSchedulersTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private static final AtomicInteger ticks = new AtomicInteger();

    private static volatile CountDownLatch held = new CountDownLatch(0);

    private final AnnotationConfigApplicationContext context =
            new AnnotationConfigApplicationContext(Application.class);

    private final Scheduler scheduler = this.context.getBean("scheduler", Scheduler.class);

    private final Scheduler idle = this.context.getBean("idle", Scheduler.class);

    private final QuartzSchedulers participant = participant();

    private QuartzSchedulers participant(String... excluded) {
        return new QuartzSchedulers(this.context, Set.of(excluded));
    }

    @BeforeEach
    void untilJobsRun() throws SchedulerException {
        this.scheduler.scheduleJob(
                JobBuilder.newJob(Tick.class).build(),
                TriggerBuilder.newTrigger()
                        .withSchedule(SimpleScheduleBuilder.simpleSchedule()
                                .withIntervalInMilliseconds(20)
                                .repeatForever())
                        .build());
        awaitTick();
    }

    private static void awaitTick() {
        int before = ticks.get();
        Awaitility.await().until(() -> ticks.get() > before);
    }

    @AfterEach
    void close() {
        held.countDown();
        this.context.close();
    }

    @Test
    void goesOnStandbyAtTheAnnouncement() throws SchedulerException {
        this.participant.prepare(TIME);
        assertThat(this.scheduler.isInStandbyMode()).isTrue();
        Awaitility.await().until(() -> this.participant.activeWork(TIME) == 0);
    }

    @Test
    void isActiveUntilTheJobsUnderWayHaveEnded() throws SchedulerException {
        held = new CountDownLatch(1);
        Awaitility.await().until(() -> this.participant.activeWork(TIME) > 0);
        this.participant.prepare(TIME);
        assertThat(this.participant.isActive(TIME)).isTrue();
        held.countDown();
        Awaitility.await().until(() -> !this.participant.isActive(TIME));
        assertThat(this.scheduler.isInStandbyMode()).isTrue();
    }

    @Test
    void startsAgainWhatItHasPutOnStandbyAndNothingElse() throws SchedulerException {
        this.participant.prepare(TIME);
        this.participant.resume();
        awaitTick();
        assertThat(this.idle.isInStandbyMode()).isTrue();
    }

    @Test
    void goesOnStandbyAgainAfterAResume() throws SchedulerException {
        for (int i = 0; i < 2; i++) {
            this.participant.prepare(TIME);
            assertThat(this.scheduler.isInStandbyMode()).isTrue();
            this.participant.resume();
            assertThat(this.scheduler.isInStandbyMode()).isFalse();
        }
    }

    @Test
    void leavesAloneWhatIsExcluded() throws SchedulerException {
        QuartzSchedulers excluding = participant("scheduler");
        assertThat(excluding.activeWork(TIME)).isZero();
        excluding.prepare(TIME);
        assertThat(this.scheduler.isInStandbyMode()).isFalse();
    }

    @Test
    void leavesAJobAloneThatOutlastsTheDrain() {
        held = new CountDownLatch(1);
        Awaitility.await().until(() -> this.participant.activeWork(TIME) > 0);
        this.participant.prepare(TIME);
        this.participant.force();
        assertThat(this.participant.isActive(TIME)).isTrue();
    }

    @Test
    void survivesASchedulerThatIsShutDown() throws SchedulerException {
        this.participant.prepare(TIME);
        this.scheduler.shutdown();
        assertThat(this.participant.activeWork(TIME)).isZero();
        this.participant.resume();
        assertThat(this.scheduler.isShutdown()).isTrue();
    }

    /** Counts itself, or is held. */
    public static final class Tick implements Job {

        @Override
        public void execute(JobExecutionContext execution) {
            ticks.incrementAndGet();
            try {
                held.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Application {

        @Bean
        SchedulerFactoryBean scheduler() {
            return scheduler("scheduler", true);
        }

        @Bean
        SchedulerFactoryBean idle() {
            return scheduler("idle", false);
        }

        private static SchedulerFactoryBean scheduler(String name, boolean started) {
            Properties settings = new Properties();
            settings.put("org.quartz.threadPool.threadCount", "2");
            SchedulerFactoryBean factory = new SchedulerFactoryBean();
            factory.setSchedulerName(name);
            factory.setQuartzProperties(settings);
            factory.setAutoStartup(started);
            return factory;
        }
    }
}
