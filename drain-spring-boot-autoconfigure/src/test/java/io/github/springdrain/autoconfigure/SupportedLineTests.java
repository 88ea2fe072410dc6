// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;

@ExtendWith(OutputCaptureExtension.class)
class SupportedLineTests {

    @ParameterizedTest
    @ValueSource(strings = {"3.4.13", "3.4.0-SNAPSHOT", "3.0.0", "2.7.18", "3.4"})
    void anOlderLineIsRefused(String version) {
        assertThatThrownBy(() -> SupportedLine.require(version))
                .hasMessage("The drain starter supports Spring Boot 3.5, 4.0 and 4.1, and this is Spring Boot "
                        + version + ".");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"3.5.0", "3.5.16", "4.0.0-RC1", "4.1.1", "4.12.0", "5.0.0", "10.0", "", "next", "99999999999.1"})
    void everyOtherOneIsNot(@Nullable String version) {
        assertThatNoException().isThrownBy(() -> SupportedLine.require(version));
    }

    @Test
    void startUpFailsWithOneSentence(CapturedOutput output) {
        assertThatThrownBy(() -> new SpringApplicationBuilder(OnOldLine.class)
                        .web(WebApplicationType.NONE)
                        .bannerMode(Banner.Mode.OFF)
                        .run()
                        .close())
                .isInstanceOf(RuntimeException.class);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The drain starter supports Spring Boot 3.5, 4.0 and 4.1, and this is Spring Boot 3.4.13.")
                .contains("server.drain.enabled=false");
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional(OldLine.class)
    static class OnOldLine {}

    static final class OldLine extends SpringBootCondition {

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return DrainSwitch.ON.outcome(DrainSwitch.ON, "3.4.13");
        }
    }
}
