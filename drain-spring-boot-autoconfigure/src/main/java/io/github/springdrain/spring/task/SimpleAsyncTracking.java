// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;

/**
 * Counts the tasks of every {@link SimpleAsyncTaskExecutor}, which starts a thread for each of them and keeps no count
 * that could be read. Thread-safe. The executor takes one decorator and does not return the one it has, so that is read from
 * its field; where that fails, the executor is left as it is and its tasks are not waited for.
 */
public final class SimpleAsyncTracking implements BeanPostProcessor {

    private static final Logger logger = LoggerFactory.getLogger(SimpleAsyncTracking.class);

    private final Map<SimpleAsyncTaskExecutor, RunningTasks> tracked = Collections.synchronizedMap(new WeakHashMap<>());

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        if (bean instanceof SimpleAsyncTaskExecutor executor) {
            track(executor, beanName);
        }
        return bean;
    }

    private void track(SimpleAsyncTaskExecutor executor, String beanName) {
        try {
            TaskDecorator own = (TaskDecorator) new DirectFieldAccessor(executor).getPropertyValue("taskDecorator");
            RunningTasks tasks = new RunningTasks();
            executor.setTaskDecorator((task) -> tasks.counted((own != null) ? own.decorate(task) : task));
            this.tracked.put(executor, tasks);
        } catch (RuntimeException ex) {
            logger.info("Tasks of executor '{}' are not waited for by a drain: cannot count them", beanName, ex);
        }
    }

    /** The tasks of an executor; {@code null} if they are not counted. */
    @Nullable RunningTasks of(SimpleAsyncTaskExecutor executor) {
        return this.tracked.get(executor);
    }
}
