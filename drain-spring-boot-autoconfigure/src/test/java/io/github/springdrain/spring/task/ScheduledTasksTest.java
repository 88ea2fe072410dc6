// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.spring.ClosingThread;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Scheduled methods with a real scheduler, prepared and resumed. */
@Timeout(60)
class ScheduledTasksTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private final AnnotationConfigApplicationContext context =
            new AnnotationConfigApplicationContext(Application.class);

    private final ScheduledTasks participant = this.context.getBean(ScheduledTasks.class);

    private final Methods methods = this.context.getBean(Methods.class);

    @BeforeEach
    void untilEveryTriggerWorks() {
        awaitMore(this.methods.rate);
        awaitMore(this.methods.delay);
        awaitMore(this.methods.cron);
    }

    @AfterEach
    void close() {
        this.context.close();
    }

    private static void awaitMore(AtomicInteger count) {
        int before = count.get();
        Awaitility.await().until(() -> count.get() > before);
    }

    @Test
    void beginsNoRunOncePreparedWhateverTheTrigger() {
        this.participant.prepare(TIME);
        Awaitility.await().until(() -> this.participant.activeWork(TIME) == 0);
        int rate = this.methods.rate.get();
        int delay = this.methods.delay.get();
        int cron = this.methods.cron.get();
        // Longer than a cron trigger pauses, and a hundred times the others.
        Awaitility.await().pollDelay(Duration.ofMillis(1100)).until(() -> true);
        assertThat(this.methods.rate).hasValue(rate);
        assertThat(this.methods.delay).hasValue(delay);
        assertThat(this.methods.cron).hasValue(cron);
    }

    @Test
    void goesOnWhenResumed() {
        this.participant.prepare(TIME);
        this.participant.resume();
        awaitMore(this.methods.rate);
        awaitMore(this.methods.delay);
        awaitMore(this.methods.cron);
    }

    @Test
    void makesUpForATaskThatWasToRunOnce() throws InterruptedException {
        TaskSuspension suspension = new TaskSuspension();
        CountDownLatch ran = new CountDownLatch(1);
        SuspendableTaskScheduler scheduler =
                new SuspendableTaskScheduler(this.context.getBean("pool", ThreadPoolTaskScheduler.class), suspension);
        suspension.suspend();
        var unused = scheduler.schedule(ran::countDown, scheduler.getClock().instant());
        Awaitility.await().until(unused::isDone);
        assertThat(ran.getCount()).isOne();
        suspension.resume();
        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void runsEachTaskOnTheSchedulerItNames() {
        awaitMore(this.methods.cron);
        assertThat(this.methods.cronThread).startsWith("simple-");
        assertThat(this.methods.rateThread).startsWith("pool-");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class Application {

        @Bean
        ScheduledTasks scheduledTasks() {
            return new ScheduledTasks(new ClosingThread(new DrainEngine(DrainSettings.DEFAULTS), () -> null));
        }

        @Bean
        Methods methods() {
            return new Methods();
        }

        @Bean
        ThreadPoolTaskScheduler pool() {
            ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
            scheduler.setThreadNamePrefix("pool-");
            return scheduler;
        }

        @Bean
        SimpleAsyncTaskScheduler simple() {
            SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();
            scheduler.setThreadNamePrefix("simple-");
            return scheduler;
        }
    }

    static class Methods {

        final AtomicInteger rate = new AtomicInteger();

        final AtomicInteger delay = new AtomicInteger();

        final AtomicInteger cron = new AtomicInteger();

        volatile String rateThread = "";

        volatile String cronThread = "";

        @Scheduled(fixedRate = 10, scheduler = "pool")
        void rate() {
            this.rateThread = Thread.currentThread().getName();
            this.rate.incrementAndGet();
        }

        @Scheduled(fixedDelay = 10, scheduler = "pool")
        void delay() {
            this.delay.incrementAndGet();
        }

        @Scheduled(cron = "* * * * * *", scheduler = "simple")
        void cron() {
            this.cronThread = Thread.currentThread().getName();
            this.cron.incrementAndGet();
        }
    }
}
