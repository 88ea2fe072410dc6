// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.cloud;

import io.github.springdrain.DrainParticipant;
import io.github.springdrain.spring.ShutdownPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cloud.client.serviceregistry.AbstractAutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.AutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.ResolvableType;

/**
 * Service registries. At the announcement the application deregisters from those it is registered with, goes on serving,
 * and registers again when the drain is resumed. The drain never waits for a registry.
 */
public final class ServiceRegistries implements DrainParticipant, SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(ServiceRegistries.class);

    /** It would set the status of an instance that is deregistered, but healthy, to up. */
    private static final String EUREKA_HEALTH_CHECK = "eurekaHealthCheckHandler";

    private final ConfigurableListableBeanFactory beans;

    private volatile List<RegisteredInstance> instances = List.of();

    private volatile boolean prepared;

    private volatile boolean running;

    private boolean overdue;

    /** Creates the participant of one context. */
    public ServiceRegistries(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    /** Whether there is a registry at all. */
    public boolean isUsed() {
        return this.beans.getBeanNamesForType(ServiceRegistry.class, false, false).length > 0;
    }

    @Override
    public String name() {
        return "service registries";
    }

    @Override
    public void prepare(Duration remaining) {
        this.overdue = false;
        this.instances = find();
        this.prepared = true;
        this.instances.forEach(RegisteredInstance::deregister);
    }

    @Override
    public void resume() {
        this.prepared = false;
        this.instances.forEach(RegisteredInstance::register);
    }

    @Override
    public boolean isActive(Duration remaining) {
        return activeWork(remaining) > 0;
    }

    /** Before the announcement, for the report, one for each registry; then none, as nothing is waited for. */
    @Override
    public int activeWork(Duration remaining) {
        if (!this.prepared) {
            return find().size();
        }
        if (!this.overdue) {
            List<String> late = this.instances.stream()
                    .filter(RegisteredInstance::isDeregistering)
                    .map(RegisteredInstance::registry)
                    .toList();
            if (!late.isEmpty()) {
                this.overdue = true;
                logger.warn("Still deregistering from {}; the drain goes on without waiting", late);
            }
        }
        return 0;
    }

    private List<RegisteredInstance> find() {
        List<RegisteredInstance> found = new ArrayList<>();
        Set<ServiceRegistry<?>> automatic = new HashSet<>();
        Collection<AutoServiceRegistration> registrations = this.beans
                .getBeansOfType(AutoServiceRegistration.class, false, false)
                .values();
        for (AutoServiceRegistration registration : registrations) {
            AutoRegistrar registrar =
                    (registration instanceof AbstractAutoServiceRegistration<?> known) ? AutoRegistrar.of(known) : null;
            if (registrar != null) {
                automatic.add(registrar.registry());
                if (isRunning(registration)) {
                    found.add(new RegisteredInstance(name(registrar.registry()), registrar));
                }
            }
        }
        if (registrations.isEmpty() || registrations.stream().anyMatch(ServiceRegistries::isRunning)) {
            addOthers(automatic, found);
        }
        return found;
    }

    private static boolean isRunning(AutoServiceRegistration registration) {
        if (registration instanceof AbstractAutoServiceRegistration<?> known) {
            return known.isRunning();
        }
        return !(registration instanceof Lifecycle lifecycle) || lifecycle.isRunning();
    }

    private void addOthers(Set<ServiceRegistry<?>> automatic, List<RegisteredInstance> found) {
        Collection<Registration> registrations =
                this.beans.getBeansOfType(Registration.class, false, false).values();
        for (ServiceRegistry<?> registry :
                this.beans.getBeansOfType(ServiceRegistry.class, false, false).values()) {
            Class<?> type = ResolvableType.forClass(ServiceRegistry.class, AopUtils.getTargetClass(registry))
                    .getGeneric(0)
                    .resolve(Registration.class);
            if (!automatic.contains(registry)) {
                registrations.stream()
                        .filter(type::isInstance)
                        .map((registration) -> new DirectRegistrar(registry, registration, healthCheck(registry)))
                        .forEach((registrar) -> found.add(new RegisteredInstance(name(registry), registrar)));
            }
        }
    }

    private @Nullable Lifecycle healthCheck(ServiceRegistry<?> registry) {
        boolean there = name(registry).startsWith("Eureka") && this.beans.containsSingleton(EUREKA_HEALTH_CHECK);
        return (there && this.beans.getBean(EUREKA_HEALTH_CHECK) instanceof Lifecycle lifecycle) ? lifecycle : null;
    }

    private static String name(ServiceRegistry<?> registry) {
        return AopUtils.getTargetClass(registry).getSimpleName();
    }

    @Override
    public void start() {
        this.running = true;
    }

    /** Before the automatic registrations, which end as their beans are destroyed. */
    @Override
    public void stop() {
        this.running = false;
        if (this.prepared) {
            this.instances.forEach(RegisteredInstance::stop);
        }
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    @Override
    public int getPhase() {
        return ShutdownPhase.SERVICE_REGISTRIES.value();
    }

    /** Spring 7 asks this before it pauses a context; declared without {@code @Override} because Spring 6 does not. */
    public boolean isPauseable() {
        return false;
    }
}
