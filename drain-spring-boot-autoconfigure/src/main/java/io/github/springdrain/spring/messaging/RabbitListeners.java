// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.amqp.rabbit.listener.adapter.HandlerAdapter;
import org.springframework.amqp.rabbit.listener.adapter.MessagingMessageListenerAdapter;
import org.springframework.amqp.rabbit.support.ListenerContainerAware;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Spring AMQP. A container that is stopped cancels its consumers, processes what was prefetched and acknowledges it. It
 * gives up by itself after its own shutdown timeout, five seconds by default; the drain gives it the time it has. That
 * timeout cannot be asked for, so it is read from its field.
 */
public final class RabbitListeners extends CountedContainers {

    private final ListableBeanFactory beans;

    /**
     * Creates the participant.
     *
     * @param excluded identifiers of listeners, or names of container beans, that go on during a drain
     */
    public RabbitListeners(ListableBeanFactory beans, Set<String> excluded) {
        super(excluded, Duration.ZERO);
        this.beans = beans;
    }

    @Override
    public String name() {
        return "RabbitMQ listeners";
    }

    @Override
    Map<String, SmartLifecycle> containers() {
        Map<String, SmartLifecycle> containers = new LinkedHashMap<>();
        this.beans
                .getBeansOfType(RabbitListenerEndpointRegistry.class, false, false)
                .values()
                .forEach((registry) -> addAll(registry.getListenerContainers(), containers));
        containers.putAll(this.beans.getBeansOfType(AbstractMessageListenerContainer.class, false, false));
        containers.values().removeIf(RabbitListeners::receivesReplies);
        return containers;
    }

    /** The type of the elements, and of what finds one by its identifier, has moved between Spring AMQP 4.0 and 4.1. */
    private static void addAll(Collection<?> found, Map<String, SmartLifecycle> containers) {
        for (Object container : found) {
            String name = (container instanceof AbstractMessageListenerContainer known)
                    ? known.getListenerId()
                    : container.toString();
            if (container instanceof SmartLifecycle lifecycle) {
                containers.put(name, lifecycle);
            }
        }
    }

    private static boolean receivesReplies(SmartLifecycle container) {
        return container instanceof AbstractMessageListenerContainer known
                && known.getMessageListener() instanceof ListenerContainerAware;
    }

    @Override
    @Nullable AsyncListener asyncListener(SmartLifecycle container) {
        return (container instanceof AbstractMessageListenerContainer known
                        && known.getMessageListener() instanceof MessagingMessageListenerAdapter adapter
                        && adapter.isAsyncReplies())
                ? new AsyncListener(adapter, "handlerAdapter", HandlerAdapter::new)
                : null;
    }

    @Override
    Runnable beforeStop(SmartLifecycle container, Duration remaining) {
        return extendLimit(container, remaining);
    }

    /** Lets a container wait as long as the drain does; returns what gives it its own limit back. */
    static Runnable extendLimit(Object container, Duration remaining) {
        if (!(container instanceof AbstractMessageListenerContainer known)) {
            return () -> {};
        }
        Object own = new DirectFieldAccessor(known).getPropertyValue("shutdownTimeout");
        if (!(own instanceof Long timeout) || timeout >= remaining.toMillis()) {
            return () -> {};
        }
        known.setShutdownTimeout(remaining.toMillis());
        return () -> known.setShutdownTimeout(timeout);
    }

    /**
     * Spring AMQP 3.2 drops the scheduler of a direct container with {@code stop(Runnable)}, and makes a new one only for a
     * container that is shutting down; for one that has stopped that does nothing else.
     */
    @Override
    void beforeStart(SmartLifecycle container) {
        if (container instanceof DirectMessageListenerContainer direct) {
            direct.shutdown();
        }
    }
}
