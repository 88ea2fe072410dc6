package io.github.springdrain.autoconfigure;

import io.github.springdrain.Drain;
import io.github.springdrain.spring.messaging.KafkaListeners;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;

/** Kafka listeners as part of the drain. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(KafkaListenerEndpointRegistry.class)
@ConditionalOnBean(Drain.class)
@ConditionalOnProperty(name = "server.drain.participants.kafka.enabled", matchIfMissing = true)
public final class DrainKafkaAutoConfiguration {

    @Bean
    KafkaListeners drainKafkaListeners(
            ObjectProvider<KafkaListenerEndpointRegistry> registries, DrainProperties properties) {
        return new KafkaListeners(registries, properties.participants().exclude());
    }
}
