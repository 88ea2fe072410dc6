// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.spring.messaging.NamedLifecycles;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Beans that the user names by name or type, stopped at the announcement of the drain. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnDrain
public final class DrainLifecyclesAutoConfiguration {

    @Bean
    NamedLifecycles drainNamedLifecycles(ConfigurableApplicationContext context, DrainProperties properties) {
        ParticipantsProperties participants = properties.participants();
        return new NamedLifecycles(
                context.getBeanFactory(),
                participants.stopAtAnnounce(),
                LifecycleTypes.load(participants.stopTypesAtAnnounce(), context.getClassLoader()),
                participants.exclude());
    }
}
