// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The names of the beans that are executors. Found by one look through all definitions, which costs time that grows with
 * the application, and from then on as they are created. Thread-safe.
 */
public final class ExecutorBeans implements BeanPostProcessor, BeanFactoryAware {

    private final Set<String> names = ConcurrentHashMap.newKeySet();

    private @Nullable ConfigurableListableBeanFactory factory;

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        this.factory = (ConfigurableListableBeanFactory) beanFactory;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        // Beans within beans have names without end, and are nobody's to ask for.
        if (bean instanceof Executor && this.factory != null && this.factory.containsBeanDefinition(beanName)) {
            this.names.add(beanName);
        }
        return bean;
    }

    /** Looks through all definitions. */
    void look() {
        if (this.factory != null) {
            this.names.addAll(Set.of(this.factory.getBeanNamesForType(Executor.class, false, false)));
        }
    }

    /** The names known so far; some may be of beans that are not created yet. */
    Set<String> names() {
        return this.names;
    }
}
