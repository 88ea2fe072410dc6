// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/** Names the known key that is nearest to each unknown one, where Spring Boot's own analysis names the unknown ones only. */
@Order(0)
final class UnknownKeyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        List<ConfigurationProperty> unknown = cause.getUnboundProperties().stream()
                .filter((property) -> KnownKeys.isOurs(property.getName()))
                .toList();
        if (unknown.isEmpty()) {
            return null;
        }
        return new FailureAnalysis(
                unknown.stream()
                        .map(UnknownKeyFailureAnalyzer::describe)
                        .collect(Collectors.joining(System.lineSeparator())),
                unknown.stream()
                        .map((property) -> "Did you mean '%s'?"
                                .formatted(KnownKeys.nearest(property.getName().toString())))
                        .distinct()
                        .collect(Collectors.joining(System.lineSeparator())),
                cause);
    }

    private static String describe(ConfigurationProperty property) {
        String origin = (property.getOrigin() != null) ? " (" + property.getOrigin() + ")" : "";
        return "There is no property '%s'%s.".formatted(property.getName(), origin);
    }
}
