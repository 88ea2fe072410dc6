// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.cloud;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.cloud.client.serviceregistry.AbstractAutoServiceRegistration;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.util.ReflectionUtils;

/**
 * Goes through Spring Cloud's own automatic registration (Consul, ZooKeeper), which may be set up to register or
 * deregister nothing. What it takes is protected there, and so called by reflection.
 */
final class AutoRegistrar implements Registrar {

    private static final Logger logger = LoggerFactory.getLogger(AutoRegistrar.class);

    private final AbstractAutoServiceRegistration<?> target;

    private AutoRegistrar(AbstractAutoServiceRegistration<?> target) {
        this.target = target;
    }

    /** Creates one; {@code null} where Spring Cloud does not have the methods it takes. */
    static @Nullable AutoRegistrar of(AbstractAutoServiceRegistration<?> target) {
        for (String name : new String[] {"register", "deregister", "getServiceRegistry"}) {
            if (ReflectionUtils.findMethod(target.getClass(), name) == null) {
                logger.warn("Spring Cloud has no method '{}' any more; registries are called directly", name);
                return null;
            }
        }
        return new AutoRegistrar(target);
    }

    ServiceRegistry<?> registry() {
        return (ServiceRegistry<?>) Objects.requireNonNull(invoke("getServiceRegistry"));
    }

    @Override
    public void register() {
        invoke("register");
    }

    @Override
    public void deregister() {
        invoke("deregister");
    }

    /**
     * Does what remains of the end of an automatic registration. As a whole it would deregister for a second time, which
     * Consul responds with an error that keeps the rest from happening.
     */
    @Override
    public void stop() {
        try {
            Object hooks = new DirectFieldAccessor(this.target).getPropertyValue("registrationLifecycles");
            // The application's own hooks belong to Spring's way, which is taken then.
            if (!(hooks instanceof Collection<?> own) || !own.isEmpty()) {
                return;
            }
            if (invoke("getRunning") instanceof AtomicBoolean running && running.compareAndSet(true, false)) {
                if (Boolean.TRUE.equals(invoke("shouldRegisterManagement"))) {
                    invoke("deregisterManagement");
                }
                registry().close();
            }
        } catch (RuntimeException | LinkageError ex) {
            logger.warn("The automatic registration could not be ended", ex);
        }
    }

    private @Nullable Object invoke(String name) {
        Method method = ReflectionUtils.findMethod(this.target.getClass(), name);
        if (method == null) {
            throw new IllegalStateException("No method " + name);
        }
        try {
            method.setAccessible(true);
            return method.invoke(this.target);
        } catch (InvocationTargetException ex) {
            throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex.getCause());
        } catch (IllegalAccessException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
