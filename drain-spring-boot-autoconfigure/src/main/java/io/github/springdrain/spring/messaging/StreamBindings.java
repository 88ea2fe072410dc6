// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.cloud.stream.binder.Binding;
import org.springframework.cloud.stream.binder.DefaultBinding;
import org.springframework.cloud.stream.binding.InputBindingLifecycle;
import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Spring Cloud Stream. Bindings that bring messages in are stopped, as by the {@code bindings} endpoint, and started
 * again; those without a group are paused where their binder can. Bindings that send are left alone, because requests in
 * service may send.
 */
public final class StreamBindings extends ListenerContainers {

    private static final Logger logger = LoggerFactory.getLogger(StreamBindings.class);

    private static final boolean KAFKA = isPresent("org.springframework.kafka.config.KafkaListenerEndpointRegistry");

    private static final boolean RABBIT =
            isPresent("org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry");

    private final ListableBeanFactory beans;

    /**
     * Creates the participant.
     *
     * @param excluded names of bindings that go on during a drain
     */
    public StreamBindings(ListableBeanFactory beans, Set<String> excluded) {
        super(excluded);
        this.beans = beans;
    }

    private static boolean isPresent(String type) {
        return ClassUtils.isPresent(type, StreamBindings.class.getClassLoader());
    }

    @Override
    public String name() {
        return "stream bindings";
    }

    @Override
    Map<String, SmartLifecycle> containers() {
        Map<String, SmartLifecycle> containers = new LinkedHashMap<>();
        this.beans.getBeansOfType(InputBindingLifecycle.class, false, false).values().stream()
                .flatMap((inputs) -> bindings(inputs).stream())
                .forEach((binding) -> add(binding, containers));
        return containers;
    }

    /**
     * Read from its field, as Spring Cloud Stream does. Its own lists of bindings would do, but making one gives each
     * container of Kafka settings that only a description needs: started again with them, it fails on every message.
     */
    private static Collection<Binding<?>> bindings(InputBindingLifecycle inputs) {
        try {
            return (field(inputs, "inputBindings") instanceof Collection<?> bindings)
                    ? bindings.stream()
                            .<Binding<?>>map((binding) -> (Binding<?>) binding)
                            .toList()
                    : List.of();
        } catch (BeansException ex) {
            logger.warn("The bindings of Spring Cloud Stream are not known; they stop when Spring stops them", ex);
            return List.of();
        }
    }

    private static @Nullable Object field(Object target, String path) {
        return new DirectFieldAccessor(target).getPropertyValue(path);
    }

    /** A binding of several destinations is several bindings of one name. */
    private static void add(Binding<?> binding, Map<String, SmartLifecycle> containers) {
        Lifecycle lifecycle = lifecycle(binding);
        if (lifecycle != null) {
            String name = binding.getBindingName();
            String key = name;
            for (int number = 2; containers.containsKey(key); number++) {
                key = name + "#" + number;
            }
            containers.put(key, new ThreadedLifecycle(key, lifecycle));
        }
    }

    /** A container has a limit of its own for the message under way, and counts as stopped behind it. */
    @Override
    Runnable beforeStop(SmartLifecycle container, Duration remaining) {
        Object adapted =
                (container instanceof ThreadedLifecycle threaded && threaded.target() instanceof StoppedBinding stopped)
                        ? adapted(stopped.binding())
                        : null;
        if (adapted == null) {
            return () -> {};
        }
        Runnable undo = KAFKA ? KafkaListeners.extendLimit(adapted, remaining) : () -> {};
        Runnable undoToo = RABBIT ? RabbitListeners.extendLimit(adapted, remaining) : () -> {};
        return () -> {
            undo.run();
            undoToo.run();
        };
    }

    /** Read from fields: neither a binding nor its adapter can be asked for it. */
    private static @Nullable Object adapted(Binding<?> binding) {
        try {
            return field(binding, "lifecycle.messageListenerContainer");
        } catch (BeansException ex) {
            logger.debug("The limit of binding {} is not known", binding.getBindingName(), ex);
            return null;
        }
    }

    /** One without a group is anonymous: once it was stopped, Spring Cloud Stream does not start it again. */
    private static @Nullable Lifecycle lifecycle(Binding<?> binding) {
        if (!(binding instanceof DefaultBinding<?> known)) {
            return null;
        }
        if (StringUtils.hasText(known.getGroup())) {
            return new StoppedBinding(binding);
        }
        return known.isPausable() ? new PausedBinding(binding) : null;
    }

    /** A binding is not a {@code Lifecycle}, but has all of it. */
    private record StoppedBinding(Binding<?> binding) implements Lifecycle {

        @Override
        public void start() {
            this.binding.start();
        }

        @Override
        public void stop() {
            this.binding.stop();
        }

        @Override
        public boolean isRunning() {
            return this.binding.isRunning();
        }
    }

    private record PausedBinding(Binding<?> binding) implements Lifecycle {

        @Override
        public void start() {
            this.binding.resume();
        }

        @Override
        public void stop() {
            this.binding.pause();
        }

        @Override
        public boolean isRunning() {
            return this.binding.isRunning() && !this.binding.isPaused();
        }
    }
}
