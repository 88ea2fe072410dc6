package io.github.springdrain.autoconfigure;

import io.github.springdrain.Drain;
import io.github.springdrain.spring.messaging.RabbitListeners;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** RabbitMQ listeners as part of the drain. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(RabbitListenerEndpointRegistry.class)
@ConditionalOnBean(Drain.class)
@ConditionalOnProperty(name = "server.drain.participants.rabbit.enabled", matchIfMissing = true)
public final class DrainRabbitAutoConfiguration {

    @Bean
    RabbitListeners drainRabbitListeners(ListableBeanFactory beans, DrainProperties properties) {
        return new RabbitListeners(beans, properties.participants().exclude());
    }
}
