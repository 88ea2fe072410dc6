package io.github.springdrain.autoconfigure;

import io.github.springdrain.Drain;
import io.github.springdrain.spring.messaging.PulsarListeners;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.pulsar.config.GenericListenerEndpointRegistry;

/** Pulsar listeners as part of the drain. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(GenericListenerEndpointRegistry.class)
@ConditionalOnBean(Drain.class)
@ConditionalOnProperty(name = "server.drain.participants.pulsar.enabled", matchIfMissing = true)
public final class DrainPulsarAutoConfiguration {

    @Bean
    PulsarListeners drainPulsarListeners(ListableBeanFactory beans, DrainProperties properties) {
        return new PulsarListeners(beans, properties.participants().exclude());
    }
}
