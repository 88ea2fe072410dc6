// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.server.InvalidSettingException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;

/** What start-up says of a setting that only the server can refuse. */
class InvalidSettingAnalyzerTests {

    @Test
    void namesThePropertyWhateverTheServerMadeOfTheException() {
        Throwable failure = new IllegalStateException(new RuntimeException(
                new InvalidSettingException("reuse-port", true, "false, as this Undertow has no Builder.worker")));
        List<FailureAnalysis> all = SpringFactoriesLoader.forDefaultResourceLocation()
                .load(
                        FailureAnalyzer.class,
                        ArgumentResolver.of(Environment.class, new StandardEnvironment()),
                        (type, name, ex) -> {})
                .stream()
                .map((analyzer) -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .toList();
        assertThat(all).singleElement().satisfies((analysis) -> {
            assertThat(analysis.getDescription()).isEqualTo("'server.drain.reuse-port' cannot be 'true' here.");
            assertThat(analysis.getAction()).isEqualTo("Allowed: false, as this Undertow has no Builder.worker.");
        });
    }
}
