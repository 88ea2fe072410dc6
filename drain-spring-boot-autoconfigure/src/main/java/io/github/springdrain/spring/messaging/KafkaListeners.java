// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DelegatingMessageListener;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.kafka.listener.adapter.HandlerAdapter;
import org.springframework.kafka.listener.adapter.MessagingMessageListenerAdapter;

/**
 * Spring for Apache Kafka. A container that is stopped processes the records of its last poll, commits their offsets and
 * leaves its group, so that other members take over its partitions at once.
 */
public final class KafkaListeners extends CountedContainers {

    /** An acknowledgement wakes the consumer; stopped in the same moment, it is woken once more as it commits, and does not. */
    private static final Duration SETTLING = Duration.ofMillis(500);

    private final ObjectProvider<KafkaListenerEndpointRegistry> registries;

    /**
     * Creates the participant.
     *
     * @param excluded identifiers of listeners that go on during a drain
     */
    public KafkaListeners(ObjectProvider<KafkaListenerEndpointRegistry> registries, Set<String> excluded) {
        super(excluded, SETTLING);
        this.registries = registries;
    }

    @Override
    public String name() {
        return "Kafka listeners";
    }

    @Override
    Map<String, SmartLifecycle> containers() {
        Map<String, SmartLifecycle> containers = new LinkedHashMap<>();
        this.registries.stream()
                .flatMap((registry) -> registry.getAllListenerContainers().stream())
                .filter((container) -> !receivesReplies(container))
                .forEach((container) -> containers.put(container.getListenerId(), container));
        return containers;
    }

    /**
     * Lets a container whose stop blocks wait as long as the drain does; returns what gives it its own limit back. The
     * containers of the application are stopped without blocking.
     */
    static Runnable extendLimit(Object container, Duration remaining) {
        if (!(container instanceof MessageListenerContainer known)) {
            return () -> {};
        }
        ContainerProperties properties = known.getContainerProperties();
        long timeout = properties.getShutdownTimeout();
        if (timeout >= remaining.toMillis()) {
            return () -> {};
        }
        properties.setShutdownTimeout(remaining.toMillis());
        return () -> properties.setShutdownTimeout(timeout);
    }

    private static boolean receivesReplies(MessageListenerContainer container) {
        return container.getContainerProperties().getMessageListener() instanceof KafkaOperations<?, ?>;
    }

    @Override
    @Nullable AsyncListener asyncListener(SmartLifecycle container) {
        Object listener = (container instanceof MessageListenerContainer known)
                ? known.getContainerProperties().getMessageListener()
                : null;
        while (listener instanceof DelegatingMessageListener<?> wrapper) {
            listener = wrapper.getDelegate();
        }
        return (listener instanceof MessagingMessageListenerAdapter<?, ?> adapter && adapter.isAsyncReplies())
                ? new AsyncListener(adapter, "handlerMethod", HandlerAdapter::new)
                : null;
    }
}
