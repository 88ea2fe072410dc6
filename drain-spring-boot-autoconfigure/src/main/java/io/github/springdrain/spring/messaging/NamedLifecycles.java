package io.github.springdrain.spring.messaging;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;

/**
 * Beans that the user names, stopped at the announcement, awaited, and started again when the drain is resumed. A name
 * that fits no bean with a lifecycle is said once at start-up.
 */
public final class NamedLifecycles extends ListenerContainers implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(NamedLifecycles.class);

    private final ConfigurableListableBeanFactory beans;

    private final Set<String> names;

    /**
     * Creates the participant.
     *
     * @param names names of beans that implement {@link Lifecycle}
     */
    public NamedLifecycles(ConfigurableListableBeanFactory beans, Set<String> names) {
        super(Set.of());
        this.beans = beans;
        this.names = Set.copyOf(names);
    }

    @Override
    public String name() {
        return "beans stopped at the announcement";
    }

    @Override
    String remedy() {
        return "leave it out of server.drain.participants.stop-at-announce";
    }

    /** Lazy beans may not be there yet, so only definitions count. */
    @Override
    public void afterSingletonsInstantiated() {
        for (String name : this.names) {
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
        for (String name : this.names) {
            Lifecycle lifecycle = lifecycle(name);
            if (lifecycle != null) {
                containers.put(name, new ThreadedLifecycle(name, lifecycle));
            }
        }
        return containers;
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
