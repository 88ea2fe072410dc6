// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * Listener containers whose listener methods may return futures. A container knows nothing of a future once the method has
 * returned: stopped, it gives up the channel or the partition on which the message would be acknowledged. So the calls of
 * such methods are counted, and the container is stopped when the last one has ended. Thread-safe.
 */
abstract class CountedContainers extends ListenerContainers
        implements SmartLifecycle, ApplicationListener<ContextClosedEvent>, ApplicationContextAware, Ordered {

    private static final Logger logger = LoggerFactory.getLogger(CountedContainers.class);

    private final Map<SmartLifecycle, ListenerCalls> calls = Collections.synchronizedMap(new IdentityHashMap<>());

    private volatile boolean running;

    private @Nullable ApplicationContext context;

    private final Duration settling;

    /**
     * Creates the participant.
     *
     * @param settling what a container needs to pass on the acknowledgement of its last call
     */
    CountedContainers(Set<String> excluded, Duration settling) {
        super(excluded);
        this.settling = settling;
    }

    /** The listener that calls methods which return futures; {@code null} where the container has no such. */
    abstract @Nullable AsyncListener asyncListener(SmartLifecycle container);

    @Override
    final @Nullable ListenerCalls calls(SmartLifecycle container) {
        return this.calls.get(container);
    }

    /** Before the containers start. Those that are registered later are stopped without a look at futures. */
    @Override
    public final void start() {
        this.running = true;
        this.calls.values().forEach(ListenerCalls::open);
        containers().forEach((name, container) -> {
            AsyncListener listener = asyncListener(container);
            if (listener != null && !this.calls.containsKey(container)) {
                count(name, container, listener);
            }
        });
    }

    private void count(String name, SmartLifecycle container, AsyncListener listener) {
        ListenerCalls counted = new ListenerCalls(this.settling);
        try {
            listener.count(counted);
            this.calls.put(container, counted);
        } catch (RuntimeException | LinkageError ex) {
            logger.warn("A drain does not wait for the futures that listener '{}' returns", name, ex);
        }
    }

    @Override
    public final void setApplicationContext(ApplicationContext context) {
        this.context = context;
    }

    /**
     * Waits for calls under way, because Spring stops the containers next, whose futures could acknowledge no more. Every
     * request has its response by then.
     */
    @Override
    public final void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext() == this.context) {
            try {
                awaitDelayed();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public final boolean supportsAsyncExecution() {
        return false;
    }

    /** After the application's own listeners, which may end what others wait for. */
    @Override
    public final int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public final void stop() {
        this.running = false;
    }

    @Override
    public final boolean isRunning() {
        return this.running;
    }

    @Override
    public final int getPhase() {
        return Integer.MIN_VALUE;
    }

    /** Spring 7 asks this before it pauses a context; declared without {@code @Override} because Spring 6 does not. */
    public final boolean isPauseable() {
        return false;
    }

    /**
     * A listener of Spring that calls annotated methods, which are read from its fields: none of them can be asked for.
     *
     * @param listener the listener
     * @param field the field with what calls the methods
     * @param caller creates what calls a single method
     */
    record AsyncListener(Object listener, String field, Function<InvocableHandlerMethod, Object> caller) {

        /** Has the methods counted. */
        private void count(ListenerCalls calls) {
            DirectFieldAccessor fields = new DirectFieldAccessor(this.listener);
            DirectFieldAccessor handler = new DirectFieldAccessor(value(fields, this.field));
            if (handler.getPropertyValue("invokerHandlerMethod") instanceof InvocableHandlerMethod method) {
                fields.setPropertyValue(this.field, this.caller.apply(new CountedListenerMethod(method, calls)));
            } else {
                DirectFieldAccessor several = new DirectFieldAccessor(value(handler, "delegatingHandler"));
                methods(several).replaceAll((method) -> new CountedListenerMethod(method, calls));
            }
        }

        @SuppressWarnings("unchecked") // Of this type in all versions; another one fails as it is called.
        private static List<InvocableHandlerMethod> methods(DirectFieldAccessor several) {
            return (List<InvocableHandlerMethod>) value(several, "handlers");
        }

        private static Object value(DirectFieldAccessor fields, String name) {
            Object value = fields.getPropertyValue(name);
            if (value == null) {
                throw new IllegalStateException("Nothing in field " + name);
            }
            return value;
        }
    }
}
