package io.github.springdrain.work;

import io.github.springdrain.Drain;
import io.github.springdrain.DrainPhase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
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
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;

/**
 * Has the executors and schedulers learn of the closing of the context only when the drain has finished its requests.
 *
 * <p>Spring's executors listen for {@link ContextClosedEvent}, and most of them take no more tasks from then on, which
 * is before streams and other long responses have ended. Here their event is held back until the drain is over, and
 * then delivered as it is: whatever an executor is set up to do with it, it does, only later. The coordinated stop that
 * follows in their own lifecycle phase is untouched.
 */
public final class LateExecutorShutdown implements SmartLifecycle, SmartApplicationListener {

    /** Right after the drain, which blocks its own phase, and after the one of Boot's graceful shutdown. */
    static final int PHASE = DEFAULT_PHASE - 1025;

    private final Drain drain;

    private final TaskExecutors executors;

    private final ConfigurableApplicationContext context;

    private Map<String, ApplicationListener<ContextClosedEvent>> late = Map.of();

    private @Nullable ContextClosedEvent held;

    private volatile boolean running;

    /** Creates the one of a context. */
    public LateExecutorShutdown(Drain drain, TaskExecutors executors, ConfigurableApplicationContext context) {
        this.drain = drain;
        this.executors = executors;
        this.context = context;
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
        if (event instanceof AvailabilityChangeEvent<?> change
                && change.getState() == ReadinessState.REFUSING_TRAFFIC) {
            // The last event before the one that must not reach them: Boot publishes it first when a context closes.
            holdBack();
        } else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context) {
            contextClosed(closed);
        }
    }

    private synchronized void holdBack() {
        ApplicationEventMulticaster multicaster = this.context.getBean(
                AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME, ApplicationEventMulticaster.class);
        Map<String, ApplicationListener<ContextClosedEvent>> listeners = new LinkedHashMap<>(this.late);
        listeners.putAll(beans(ExecutorConfigurationSupport.class));
        listeners.putAll(beans(SimpleAsyncTaskScheduler.class));
        listeners.forEach((name, listener) -> {
            multicaster.removeApplicationListenerBean(name);
            this.context.removeApplicationListener(listener);
        });
        this.late = listeners;
    }

    /** Those that stop after the drain; one that is to stop before could not run what it accepts later anyway. */
    private <T extends ApplicationListener<ContextClosedEvent> & SmartLifecycle> Map<String, T> beans(Class<T> type) {
        ConfigurableListableBeanFactory factory = this.context.getBeanFactory();
        Map<String, T> found = new LinkedHashMap<>();
        for (String name : factory.getBeanNamesForType(type, false, false)) {
            if (factory.containsSingleton(name) && factory.getBean(name, type).getPhase() < PHASE) {
                found.put(name, factory.getBean(name, type));
            }
        }
        return found;
    }

    private synchronized void contextClosed(ContextClosedEvent event) {
        this.held = event;
        DrainPhase phase = this.drain.phase();
        if (phase == DrainPhase.RUNNING || phase == DrainPhase.DRAINED || !this.running) {
            deliver();
        }
    }

    private synchronized void deliver() {
        ContextClosedEvent event = this.held;
        if (event == null) {
            return;
        }
        this.held = null;
        this.executors.cancelForced();
        List<ApplicationListener<ContextClosedEvent>> listeners = new ArrayList<>(this.late.values());
        listeners.forEach((listener) -> listener.onApplicationEvent(event));
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
        return PHASE;
    }

    /** Spring 7 asks this before it pauses a context; declared without {@code @Override} because Spring 6 does not. */
    public boolean isPauseable() {
        return false;
    }
}
