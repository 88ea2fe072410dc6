// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.spring.rsocket.UndrainedRSocketServers;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.rsocket.context.RSocketServerInitializedEvent;
import org.springframework.context.annotation.Bean;

/** RSocket servers on ports of their own, which are no part of the drain. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(RSocketServerInitializedEvent.class)
@ConditionalOnDrain
public final class DrainRSocketAutoConfiguration {

    @Bean
    UndrainedRSocketServers drainUndrainedRSocketServers() {
        return new UndrainedRSocketServers();
    }
}
