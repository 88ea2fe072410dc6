// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainTrigger;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;
import org.springframework.scheduling.quartz.SpringBeanJobFactory;

/** Quartz beside a server, with its store in memory. */
@Timeout(120)
class QuartzIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String PARTICIPANT = "Quartz jobs";

    @Test
    void awaitsTheJobUnderWayAndBeginsNoOther() throws Exception {
        RunningApplication application = RunningApplication.start(QuartzApplication.class);
        HeldWork work = application.bean(HeldWork.class);
        Awaitility.await().atMost(PATIENCE).until(() -> !work.begun().isEmpty());
        Drain drain = application.drain();
        application.close().awaitFinishing();
        assertThat(application.isClosing()).isTrue();
        assertThat(application.bean(Scheduler.class).isInStandbyMode()).isTrue();
        work.release();
        application.awaitClosed();
        assertThat(work.done()).hasSize(1).hasSameSizeAs(work.begun());
        assertThat(RunningApplication.participant(drain, PARTICIPANT).active()).isEqualTo(1);
        assertThat(RunningApplication.participant(drain, PARTICIPANT).aborted()).isZero();
    }

    @Test
    void firesAgainWhenTheDrainIsResumed() throws Exception {
        RunningApplication application =
                RunningApplication.start(QuartzApplication.class, "server.drain.announce.delay=20s");
        HeldWork work = application.bean(HeldWork.class);
        work.release();
        Awaitility.await().atMost(PATIENCE).until(() -> !work.done().isEmpty());
        Scheduler scheduler = application.bean(Scheduler.class);
        Drain drain = application.drain();
        drain.start(DrainTrigger.ENDPOINT);
        Awaitility.await().atMost(PATIENCE).until(scheduler::isInStandbyMode);
        drain.resume();
        Awaitility.await().atMost(PATIENCE).until(() -> !scheduler.isInStandbyMode());
        int before = work.done().size();
        Awaitility.await().atMost(PATIENCE).until(() -> work.done().size() > before);
        application.close().awaitClosed();
    }

    /** The control: without the participant the drain does not know of the job, and the process goes without it. */
    @Test
    void doesNotAwaitTheJobWhereTurnedOff() throws Exception {
        RunningApplication application =
                RunningApplication.start(QuartzApplication.class, "server.drain.participants.quartz.enabled=false");
        HeldWork work = application.bean(HeldWork.class);
        Awaitility.await().atMost(PATIENCE).until(() -> !work.begun().isEmpty());
        application.close().awaitClosed();
        assertThat(work.done()).isEmpty();
        work.release();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(HeldWork.class)
    static class QuartzApplication {

        /** As Spring Boot sets it up; what does so has no release for every line. */
        @Bean
        SchedulerFactoryBean quartzScheduler(ApplicationContext context) {
            JobDetail job = JobBuilder.newJob(HeldJob.class)
                    .withIdentity("held")
                    .storeDurably()
                    .build();
            Trigger trigger = TriggerBuilder.newTrigger()
                    .forJob(job)
                    .withSchedule(SimpleScheduleBuilder.simpleSchedule()
                            .withIntervalInMilliseconds(50)
                            .repeatForever())
                    .build();
            SpringBeanJobFactory jobs = new SpringBeanJobFactory();
            jobs.setApplicationContext(context);
            SchedulerFactoryBean factory = new SchedulerFactoryBean();
            factory.setJobFactory(jobs);
            factory.setJobDetails(job);
            factory.setTriggers(trigger);
            return factory;
        }
    }

    /** One at a time. */
    @DisallowConcurrentExecution
    public static final class HeldJob implements Job {

        private final HeldWork work;

        /** Spring's job factory injects it. */
        public HeldJob(HeldWork work) {
            this.work = work;
        }

        @Override
        public void execute(JobExecutionContext execution) {
            this.work.run("job");
        }
    }
}
