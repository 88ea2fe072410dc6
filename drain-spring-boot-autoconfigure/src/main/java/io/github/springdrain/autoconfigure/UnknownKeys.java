// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Looks for unknown keys under {@value DrainProperties#PREFIX} among the system properties, where Spring Boot does not.
 * Environment variables stay unchecked: the name of one does not show which key it means, and Kubernetes makes some of its
 * own from the names of services.
 */
final class UnknownKeys {

    private UnknownKeys() {}

    /**
     * Refuses them.
     *
     * @throws org.springframework.boot.context.properties.bind.BindException if there is one
     */
    static void refuse(Environment environment) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (isSystemProperties(source) && hasKeys(source)) {
                Binder.get(environment)
                        .bind(
                                DrainProperties.PREFIX,
                                Bindable.of(DrainProperties.class),
                                new NoUnboundElementsBindHandler(BindHandler.DEFAULT, UnknownKeys::isSystemProperties));
            }
        }
    }

    private static boolean isSystemProperties(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof PropertySource<?> underlying
                && underlying.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
    }

    /** Seldom so, which spares most applications to bind all properties once more while they start. */
    private static boolean hasKeys(ConfigurationPropertySource source) {
        return source.containsDescendantOf(ConfigurationPropertyName.of(DrainProperties.PREFIX))
                != ConfigurationPropertyState.ABSENT;
    }
}
