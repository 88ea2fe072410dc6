// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.spring.StartUpNotice;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/** Says why there is no drain where the user has asked for the server to stop at once. */
@AutoConfiguration
@ConditionalOnWebApplication
@Conditional(DrainSwitch.ImmediateShutdownCondition.class)
public final class ImmediateShutdownAutoConfiguration {

    @Bean
    StartUpNotice drainImmediateShutdownNotice(ConfigurableApplicationContext context) {
        return new StartUpNotice(
                context,
                () ->
                        "Drain is off because of server.shutdown=immediate; set server.drain.enabled=true to drain all the same");
    }
}
