// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;

/**
 * Beans that the user names, or whose types the user names, stopped at the announcement, awaited, and started again when
 * the drain is resumed. A name or a type that fits no bean with a lifecycle is said once at start-up.
 */
public final class NamedLifecycles extends ListenerContainers implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(NamedLifecycles.class);

    private final ConfigurableListableBeanFactory beans;

    private final Set<String> names;

    private final Set<Class<?>> types;

    /**
     * Creates the participant.
     *
     * @param names names of beans that implement {@link Lifecycle}
     * @param types types of such beans
     * @param excluded names of beans that go on during a drain
     */
    public NamedLifecycles(
            ConfigurableListableBeanFactory beans, Set<String> names, Set<Class<?>> types, Set<String> excluded) {
        super(excluded);
        this.beans = beans;
        this.names = Set.copyOf(names);
        this.types = Set.copyOf(types);
    }

    @Override
    public String name() {
        return "beans stopped at the announcement";
    }

    /** Lazy beans may not be there yet, so only definitions count. */
    @Override
    public void afterSingletonsInstantiated() {
        for (Class<?> type : this.types) {
            if (namesOf(type).isEmpty()) {
                logger.warn(
                        "A drain cannot stop beans of type '{}' at the announcement: there is none", type.getName());
            }
        }
        for (String name : allNames()) {
            if (!this.beans.containsBean(name)) {
                logger.warn("A drain cannot stop bean '{}' at the announcement: there is no such bean", name);
            } else if (this.beans.containsSingleton(name) && lifecycle(name) == null) {
                logger.warn(
                        "A drain cannot stop bean '{}' at the announcement: it does not implement {}",
                        name,
                        Lifecycle.class.getName());
            }
        }
    }

    @Override
    Map<String, SmartLifecycle> containers() {
        Map<String, SmartLifecycle> containers = new LinkedHashMap<>();
        for (String name : allNames()) {
            Lifecycle lifecycle = lifecycle(name);
            if (lifecycle != null) {
                containers.put(name, new ThreadedLifecycle(name, lifecycle));
            }
        }
        return containers;
    }

    private Set<String> allNames() {
        Set<String> all = new LinkedHashSet<>(this.names);
        this.types.forEach((type) -> all.addAll(namesOf(type)));
        return all;
    }

    private List<String> namesOf(Class<?> type) {
        return Stream.of(this.beans.getBeanNamesForType(type, false, false))
                .map(BeanFactoryUtils::transformedBeanName)
                .toList();
    }

    /** The bean, or the factory that made it, as a bean of Quartz has. */
    private @Nullable Lifecycle lifecycle(String name) {
        if (!this.beans.containsSingleton(name)) {
            return null;
        }
        if (this.beans.getBean(name) instanceof Lifecycle lifecycle) {
            return lifecycle;
        }
        String factory = BeanFactory.FACTORY_BEAN_PREFIX + name;
        return this.beans.containsBean(factory) && this.beans.getBean(factory) instanceof Lifecycle lifecycle
                ? lifecycle
                : null;
    }
}
