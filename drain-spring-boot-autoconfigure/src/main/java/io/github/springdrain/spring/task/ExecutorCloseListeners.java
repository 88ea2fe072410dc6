// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;

/**
 * The executors and schedulers that take no more tasks once they learn that the context closes, which is before streams
 * and other long responses have ended. Those that stop before a given lifecycle phase are left out: they could not run
 * what they accept later anyway.
 */
public final class ExecutorCloseListeners implements Supplier<Map<String, ApplicationListener<ContextClosedEvent>>> {

    private final ConfigurableListableBeanFactory beans;

    private final int phase;

    /** Finds the executors of {@code beans} that stop after {@code phase}. */
    public ExecutorCloseListeners(ConfigurableListableBeanFactory beans, int phase) {
        this.beans = beans;
        this.phase = phase;
    }

    @Override
    public Map<String, ApplicationListener<ContextClosedEvent>> get() {
        Map<String, ApplicationListener<ContextClosedEvent>> found = new LinkedHashMap<>();
        found.putAll(beans(ExecutorConfigurationSupport.class));
        found.putAll(beans(SimpleAsyncTaskScheduler.class));
        return found;
    }

    private <T extends ApplicationListener<ContextClosedEvent> & SmartLifecycle> Map<String, T> beans(Class<T> type) {
        Map<String, T> found = new LinkedHashMap<>();
        for (String name : this.beans.getBeanNamesForType(type, false, false)) {
            if (this.beans.containsSingleton(name)) {
                T bean = this.beans.getBean(name, type);
                if (bean.getPhase() < this.phase) {
                    found.put(name, bean);
                }
            }
        }
        return found;
    }
}
