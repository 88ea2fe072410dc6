// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.DrainPhase;
import io.github.springdrain.engine.DrainEngine;
import java.lang.StackWalker.StackFrame;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Has chosen listeners of {@link ContextClosedEvent} learn of the closing of the context only when the drain is over.
 *
 * <p>Their event is held back while the context closes, and delivered right after the drain as it is: whatever a
 * listener does with it, it does, only later. Nothing is held back where there is no server to drain.
 */
public final class LateCloseListeners implements SmartLifecycle, SmartApplicationListener {

    private static final Logger logger = LoggerFactory.getLogger(LateCloseListeners.class);

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private final DrainEngine drain;

    private final ConfigurableApplicationContext context;

    private final Supplier<? extends Map<String, ? extends ApplicationListener<ContextClosedEvent>>> chosen;

    private final Runnable whenDrained;

    private Map<String, ApplicationListener<ContextClosedEvent>> late = Map.of();

    private @Nullable ContextClosedEvent held;

    private boolean followed;

    private volatile boolean running;

    /**
     * Creates one for a context.
     *
     * @param chosen finds the listeners, by the names of their beans, when the context begins to close
     * @param whenDrained runs once the drain is over and the context closes
     */
    public LateCloseListeners(
            DrainEngine drain,
            ConfigurableApplicationContext context,
            Supplier<? extends Map<String, ? extends ApplicationListener<ContextClosedEvent>>> chosen,
            Runnable whenDrained) {
        this.drain = drain;
        this.context = context;
        this.chosen = chosen;
        this.whenDrained = whenDrained;
    }

    /** Right after the drain, whose first stage is over then. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 1;
    }

    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }

    @Override
    public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
        return type == AvailabilityChangeEvent.class || type == ContextClosedEvent.class;
    }

    @Override
    public void onApplicationEvent(ApplicationEvent event) {
        if (event instanceof AvailabilityChangeEvent<?> change) {
            if (change.getState() == ReadinessState.REFUSING_TRAFFIC && isClosing(change.getSource())) {
                holdBack();
            }
        } else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context) {
            contextClosed(closed);
        }
    }

    /**
     * Whether the context publishes this because it closes: Boot does so first of all, and it is the last event before
     * the one that must not reach the listeners. An overloaded application may publish the very same at any time, and
     * no state of the context distinguishes the two.
     */
    private boolean isClosing(Object source) {
        return source == this.context
                && this.drain.server().isServing()
                && STACK.walk((frames) -> frames.anyMatch(LateCloseListeners::closesContext));
    }

    private static boolean closesContext(StackFrame frame) {
        return frame.getMethodName().equals("doClose")
                && AbstractApplicationContext.class.isAssignableFrom(frame.getDeclaringClass());
    }

    private synchronized void holdBack() {
        ApplicationEventMulticaster multicaster = this.context.getBean(
                AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME, ApplicationEventMulticaster.class);
        this.late = new LinkedHashMap<>(this.chosen.get());
        this.late.forEach((name, listener) -> {
            multicaster.removeApplicationListenerBean(name);
            this.context.removeApplicationListener(listener);
        });
    }

    private synchronized void contextClosed(ContextClosedEvent event) {
        this.held = event;
        if (this.drain.phase() == DrainPhase.DRAINED) {
            followDrain();
        }
        // Otherwise in its turn: the application's own listeners come before, as they do without the drain.
        if (!this.running) {
            deliver();
        }
    }

    private synchronized void deliver() {
        ContextClosedEvent event = this.held;
        if (event != null) {
            this.held = null;
            followDrain();
            this.late.forEach((name, listener) -> guard(
                    "Bean '" + name + "', notified that the context closes,",
                    () -> listener.onApplicationEvent(event)));
        }
    }

    private void followDrain() {
        if (!this.followed) {
            this.followed = true;
            guard("Work that follows the drain", this.whenDrained);
        }
    }

    private static void guard(String what, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | LinkageError ex) {
            logger.warn("{} failed; the shutdown goes on", what, ex);
        }
    }

    @Override
    public void start() {
        this.running = true;
    }

    @Override
    public void stop() {
        this.running = false;
        deliver();
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    @Override
    public int getPhase() {
        return ShutdownPhase.LATE_CLOSE_LISTENERS.value();
    }

    /** Spring 7 asks this before it pauses a context; declared without {@code @Override} because Spring 6 does not. */
    public boolean isPauseable() {
        return false;
    }
}
