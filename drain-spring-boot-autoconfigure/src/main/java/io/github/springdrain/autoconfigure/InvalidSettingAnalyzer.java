// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.server.InvalidSettingException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Names the property whose value turns out to be impossible when the server is built or started. */
final class InvalidSettingAnalyzer extends AbstractFailureAnalyzer<InvalidSettingException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidSettingException cause) {
        return new FailureAnalysis(
                "'%s.%s' cannot be '%s' here.".formatted(DrainProperties.PREFIX, cause.setting(), cause.value()),
                "Allowed: %s.".formatted(cause.expected()),
                cause);
    }
}
