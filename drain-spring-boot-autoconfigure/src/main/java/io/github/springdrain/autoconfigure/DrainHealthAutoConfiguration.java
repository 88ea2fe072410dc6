// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.Drain;
import io.github.springdrain.actuate.DrainHealth;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** The drain's side of health checks, for both lines of Spring Boot. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnDrain
@Conditional({
    DrainHealthAutoConfiguration.HealthCondition.class,
    DrainHealthAutoConfiguration.NoGroupOfThatNameCondition.class
})
public final class DrainHealthAutoConfiguration {

    @Bean
    DrainHealth drainHealth(Drain drain, DrainProperties properties) {
        return new DrainHealth(drain, properties.announce().readiness()::refusesIn);
    }

    /** Health checks are on the class path, under the name that either line gives them. */
    static final class HealthCondition extends AnyNestedCondition {

        HealthCondition() {
            super(ConfigurationPhase.PARSE_CONFIGURATION);
        }

        @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
        static final class Boot3 {}

        @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
        static final class Boot4 {}
    }

    /** Spring Boot does not start where a contributor has the name of a group, and the group was there first. */
    static final class NoGroupOfThatNameCondition extends SpringBootCondition {

        private static final String GROUP = "management.endpoint.health.group.drain";

        @Override
        public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
            boolean group = Binder.get(context.getEnvironment())
                    .bind(GROUP, Bindable.mapOf(String.class, Object.class))
                    .isBound();
            return new ConditionOutcome(
                    !group,
                    ConditionMessage.forCondition("Drain").because(GROUP + (group ? " is" : " is not") + " set"));
        }
    }
}
