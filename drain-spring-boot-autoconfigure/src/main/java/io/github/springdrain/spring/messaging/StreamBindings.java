package io.github.springdrain.spring.messaging;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.cloud.stream.binder.Binding;
import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;

/**
 * Spring Cloud Stream. Bindings that bring messages in are stopped, as by the {@code bindings} endpoint, and started
 * again; those without a group are paused where their binder can. Bindings that send are left alone, because requests in
 * service may send.
 */
public final class StreamBindings extends ListenerContainers {

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

    @Override
    public String name() {
        return "stream bindings";
    }

    @Override
    Map<String, SmartLifecycle> containers() {
        Map<String, SmartLifecycle> containers = new LinkedHashMap<>();
        this.beans
                .getBeansOfType(BindingsLifecycleController.class, false, false)
                .values()
                .forEach((controller) -> addAll(controller, containers));
        return containers;
    }

    private static void addAll(BindingsLifecycleController controller, Map<String, SmartLifecycle> containers) {
        for (Map<String, Object> state : controller.queryStates()) {
            if (state.get("bindingName") instanceof String name && !containers.containsKey(name)) {
                int number = 0;
                for (Binding<?> binding : controller.queryState(name)) {
                    Lifecycle lifecycle = lifecycle(binding, state);
                    if (lifecycle != null) {
                        // A binding of several destinations is several bindings of one name.
                        String key = (number++ == 0) ? name : name + "#" + number;
                        containers.put(key, new ThreadedLifecycle(key, lifecycle));
                    }
                }
            }
        }
    }

    /** One without a group is anonymous: once it was stopped, Spring Cloud Stream does not start it again. */
    private static @Nullable Lifecycle lifecycle(Binding<?> binding, Map<String, Object> state) {
        if (!binding.isInput()) {
            return null;
        }
        if (state.get("group") instanceof String group && !group.isBlank()) {
            return new StoppedBinding(binding);
        }
        return Boolean.TRUE.equals(state.get("pausable")) ? new PausedBinding(binding) : null;
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
