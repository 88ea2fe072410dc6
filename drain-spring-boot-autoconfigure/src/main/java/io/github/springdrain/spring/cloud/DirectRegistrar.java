// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.cloud;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.context.Lifecycle;

/** Calls the registry itself. */
final class DirectRegistrar implements Registrar {

    private final ServiceRegistry<Registration> registry;

    private final Registration registration;

    private final @Nullable Lifecycle healthCheck;

    /**
     * Creates one.
     *
     * @param healthCheck what would report the healthy application as up again while it is deregistered
     */
    @SuppressWarnings("unchecked") // The caller has looked at the type.
    DirectRegistrar(ServiceRegistry<?> registry, Registration registration, @Nullable Lifecycle healthCheck) {
        this.registry = (ServiceRegistry<Registration>) registry;
        this.registration = registration;
        this.healthCheck = healthCheck;
    }

    @Override
    public void register() {
        if (this.healthCheck != null) {
            this.healthCheck.start();
        }
        this.registry.register(this.registration);
    }

    @Override
    public void deregister() {
        if (this.healthCheck != null) {
            this.healthCheck.stop();
        }
        this.registry.deregister(this.registration);
    }
}
