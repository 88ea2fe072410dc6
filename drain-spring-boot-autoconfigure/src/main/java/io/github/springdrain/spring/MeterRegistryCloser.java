// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import java.util.Map;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * The bean by which Spring Boot closes the meter registries when the context closes. A registry that pushes does so for
 * the last time then, and what it publishes must contain the end of the drain. Found by its name, because its class is not
 * public and has moved between the lines of Spring Boot; where it is not found, the registries are closed as without
 * the drain.
 */
public final class MeterRegistryCloser implements Supplier<Map<String, ApplicationListener<ContextClosedEvent>>> {

    private static final String BEAN_NAME = "meterRegistryCloser";

    private final ConfigurableListableBeanFactory beans;

    /** Finds the one in {@code beans}. */
    public MeterRegistryCloser(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Map<String, ApplicationListener<ContextClosedEvent>> get() {
        if (this.beans.containsSingleton(BEAN_NAME)
                && this.beans.getBean(BEAN_NAME) instanceof ApplicationListener<?> listener
                && listener.getClass().getName().startsWith("org.springframework.boot.")) {
            return Map.of(BEAN_NAME, (ApplicationListener<ContextClosedEvent>) listener);
        }
        return Map.of();
    }
}
