// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jms.config.JmsListenerEndpointRegistry;
import org.springframework.jms.listener.AbstractMessageListenerContainer;
import org.springframework.jms.listener.MessageListenerContainer;

/**
 * Spring JMS. A container that is stopped ends the receive under way within its receive timeout, one second by default,
 * and processes what that still brings: rejected, it would come again as redelivered.
 */
public final class JmsListeners extends ListenerContainers {

    private final ListableBeanFactory beans;

    /**
     * Creates the participant.
     *
     * @param excluded identifiers of listeners, or names of container beans, that go on during a drain
     */
    public JmsListeners(ListableBeanFactory beans, Set<String> excluded) {
        super(excluded);
        this.beans = beans;
    }

    @Override
    public String name() {
        return "JMS listeners";
    }

    @Override
    Map<String, SmartLifecycle> containers() {
        Map<String, SmartLifecycle> containers = new LinkedHashMap<>();
        this.beans
                .getBeansOfType(JmsListenerEndpointRegistry.class, false, false)
                .values()
                .forEach((registry) -> registry.getListenerContainerIds()
                        .forEach((id) -> containers.put(id, registry.getListenerContainer(id))));
        containers.putAll(this.beans.getBeansOfType(MessageListenerContainer.class, false, false));
        return containers;
    }

    @Override
    Runnable beforeStop(SmartLifecycle container, Duration remaining) {
        if (!(container instanceof AbstractMessageListenerContainer known) || known.isAcceptMessagesWhileStopping()) {
            return () -> {};
        }
        known.setAcceptMessagesWhileStopping(true);
        return () -> known.setAcceptMessagesWhileStopping(false);
    }
}
