// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.pulsar.config.GenericListenerEndpointRegistry;

/** Spring for Apache Pulsar, with and without Reactor. A container that is stopped receives no more. */
public final class PulsarListeners extends ListenerContainers {

    private final ListableBeanFactory beans;

    /**
     * Creates the participant.
     *
     * @param excluded identifiers of listeners that go on during a drain
     */
    public PulsarListeners(ListableBeanFactory beans, Set<String> excluded) {
        super(excluded);
        this.beans = beans;
    }

    @Override
    public String name() {
        return "Pulsar listeners";
    }

    /** Its way to stop waits for the consumer's thread. */
    @Override
    Map<String, SmartLifecycle> containers() {
        Map<String, SmartLifecycle> containers = new LinkedHashMap<>();
        for (GenericListenerEndpointRegistry<?, ?> registry : this.beans
                .getBeansOfType(GenericListenerEndpointRegistry.class, false, false)
                .values()) {
            for (String id : registry.getListenerContainerIds()) {
                SmartLifecycle container = registry.getListenerContainer(id);
                if (container != null) {
                    containers.put(id, new ThreadedLifecycle(id, container));
                }
            }
        }
        return containers;
    }
}
