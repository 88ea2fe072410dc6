// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Says what has to be done where a port is to be shared and its holder does not share it; Spring Boot's own analysis asks
 * to stop the other process, which is to go on for now.
 */
@Order(0)
final class PortInUseAnalyzer extends AbstractFailureAnalyzer<PortInUseException> {

    private static final String REUSE_PORT = DrainProperties.PREFIX + ".reuse-port";

    /** They belong to a servlet context, and one that is destroyed throws when it is asked. */
    private static final Set<String> SERVLET_SOURCES = Set.of(
            "servletContextInitParams",
            "servletConfigInitParams",
            // What Spring Boot has put in front of all, which asks them too.
            "configurationProperties");

    private final Environment environment;

    PortInUseAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, PortInUseException cause) {
        Binder properties = properties();
        if (!properties.bind(REUSE_PORT, Boolean.class).orElse(false)) {
            return null;
        }
        String port = Integer.toString(cause.getPort());
        if (port.equals(properties.bind("management.server.port", String.class).orElse(""))) {
            return new FailureAnalysis(
                    "Port %s was already in use, and '%s' shares no management port.".formatted(port, REUSE_PORT),
                    "Give this process a 'management.server.port' of its own.",
                    cause);
        }
        return new FailureAnalysis(
                "Port %s was already in use, and whoever listens on it does not share it, although '%s' is true here."
                        .formatted(port, REUSE_PORT),
                "Start the other process by the same user and with '%s=true', too. Or stop it.".formatted(REUSE_PORT),
                cause);
    }

    private Binder properties() {
        if (!(this.environment instanceof ConfigurableEnvironment configurable)) {
            return Binder.get(this.environment);
        }
        List<PropertySource<?>> sources = configurable.getPropertySources().stream()
                .filter((source) -> !SERVLET_SOURCES.contains(source.getName()))
                .<PropertySource<?>>map((source) -> source)
                .toList();
        return new Binder(ConfigurationPropertySources.from(sources), new PropertySourcesPlaceholdersResolver(sources));
    }
}
