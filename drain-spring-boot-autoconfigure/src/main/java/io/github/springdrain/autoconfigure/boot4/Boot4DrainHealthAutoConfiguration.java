// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure.boot4;

import io.github.springdrain.actuate.DrainHealth;
import io.github.springdrain.autoconfigure.DrainHealthAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The drain among the health contributors of Spring Boot 4.x. */
@AutoConfiguration(after = DrainHealthAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
@ConditionalOnBean(name = "drainHealth")
@ConditionalOnEnabledHealthIndicator("drain")
public final class Boot4DrainHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(
            name = {"drainHealthIndicator", "drainHealthContributor"},
            search = SearchStrategy.CURRENT)
    HealthIndicator drainHealthIndicator(DrainHealth drain) {
        return () -> {
            DrainHealth.Snapshot now = drain.snapshot();
            Health.Builder health = now.inService() ? Health.up() : Health.outOfService();
            return health.withDetails(now.details()).build();
        };
    }
}
