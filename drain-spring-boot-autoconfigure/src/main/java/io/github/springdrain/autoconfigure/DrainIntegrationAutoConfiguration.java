package io.github.springdrain.autoconfigure;

import io.github.springdrain.Drain;
import io.github.springdrain.spring.messaging.IntegrationPollers;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.integration.endpoint.SourcePollingChannelAdapter;

/** Pollers of Spring Integration as part of the drain. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(SourcePollingChannelAdapter.class)
@ConditionalOnBean(Drain.class)
@ConditionalOnProperty(name = "server.drain.participants.integration.enabled", matchIfMissing = true)
public final class DrainIntegrationAutoConfiguration {

    @Bean
    static IntegrationPollers drainIntegrationPollers(ObjectProvider<DrainProperties> properties) {
        return new IntegrationPollers(
                () -> properties.getObject().participants().exclude());
    }
}
