// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.spring.ClosingThread;
import io.github.springdrain.spring.LateCloseListeners;
import io.github.springdrain.spring.ShutdownPhase;
import io.github.springdrain.spring.task.ExecutorBeans;
import io.github.springdrain.spring.task.ExecutorCloseListeners;
import io.github.springdrain.spring.task.ScheduledTasks;
import io.github.springdrain.spring.task.SimpleAsyncTracking;
import io.github.springdrain.spring.task.TaskExecutors;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.task.TaskSchedulingAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Scheduled tasks and task executors as part of the drain. */
@AutoConfiguration(after = {DrainAutoConfiguration.class, TaskSchedulingAutoConfiguration.class})
@ConditionalOnDrain
public final class DrainTasksAutoConfiguration {

    @Bean
    @ConditionalOnProperty(name = "server.drain.participants.scheduled.enabled", matchIfMissing = true)
    ScheduledTasks drainScheduledTasks(ClosingThread closingThread) {
        return new ScheduledTasks(closingThread);
    }

    /** The executors. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "server.drain.participants.executors.enabled", matchIfMissing = true)
    static class ExecutorConfiguration {

        @Bean
        static SimpleAsyncTracking drainSimpleAsyncTracking() {
            return new SimpleAsyncTracking();
        }

        @Bean
        static ExecutorBeans drainExecutorBeans() {
            return new ExecutorBeans();
        }

        @Bean
        TaskExecutors drainTaskExecutors(
                ConfigurableApplicationContext context,
                ExecutorBeans executors,
                SimpleAsyncTracking tracking,
                ClosingThread closingThread,
                DrainProperties properties) {
            return new TaskExecutors(
                    context,
                    executors,
                    tracking,
                    closingThread,
                    properties.participants().exclude());
        }

        @Bean
        LateCloseListeners drainLateExecutorShutdown(
                DrainEngine drain, TaskExecutors executors, ConfigurableApplicationContext context) {
            return new LateCloseListeners(
                    drain,
                    context,
                    new ExecutorCloseListeners(context.getBeanFactory(), ShutdownPhase.LATE_CLOSE_LISTENERS.value()),
                    executors::drained);
        }
    }
}
