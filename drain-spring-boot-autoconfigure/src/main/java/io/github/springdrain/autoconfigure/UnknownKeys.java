// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Looks for unknown keys under {@value DrainProperties#PREFIX} among the system properties too, where Spring Boot does
 * not. Environment variables stay unchecked: the name of one does not show which key it means, and Kubernetes
 * makes some of its own from the names of services.
 */
final class UnknownKeys {

    private UnknownKeys() {}

    /**
     * Refuses them.
     *
     * @throws org.springframework.boot.context.properties.bind.BindException if there is one
     */
    static void refuse(Environment environment) {
        Binder.get(environment)
                .bind(
                        DrainProperties.PREFIX,
                        Bindable.of(DrainProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT, UnknownKeys::isChecked));
    }

    private static boolean isChecked(ConfigurationPropertySource source) {
        return !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource);
    }
}
