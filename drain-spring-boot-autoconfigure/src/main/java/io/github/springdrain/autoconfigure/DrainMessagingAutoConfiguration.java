// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.spring.messaging.IntegrationPollers;
import io.github.springdrain.spring.messaging.JmsListeners;
import io.github.springdrain.spring.messaging.KafkaListeners;
import io.github.springdrain.spring.messaging.PulsarListeners;
import io.github.springdrain.spring.messaging.RabbitListeners;
import io.github.springdrain.spring.messaging.StreamBindings;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.endpoint.SourcePollingChannelAdapter;
import org.springframework.jms.config.JmsListenerEndpointRegistry;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.pulsar.config.GenericListenerEndpointRegistry;

/** Message listeners, bindings and pollers as part of the drain. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnDrain
public final class DrainMessagingAutoConfiguration {

    /** Listeners of Spring for Apache Kafka. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(KafkaListenerEndpointRegistry.class)
    @ConditionalOnProperty(name = "server.drain.participants.kafka.enabled", matchIfMissing = true)
    static class KafkaConfiguration {

        @Bean
        KafkaListeners drainKafkaListeners(
                ObjectProvider<KafkaListenerEndpointRegistry> registries, DrainProperties properties) {
            return new KafkaListeners(registries, properties.participants().exclude());
        }
    }

    /** Listeners of Spring AMQP. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RabbitListenerEndpointRegistry.class)
    @ConditionalOnProperty(name = "server.drain.participants.rabbit.enabled", matchIfMissing = true)
    static class RabbitConfiguration {

        @Bean
        RabbitListeners drainRabbitListeners(ListableBeanFactory beans, DrainProperties properties) {
            return new RabbitListeners(beans, properties.participants().exclude());
        }
    }

    /** Listeners of Spring JMS. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JmsListenerEndpointRegistry.class)
    @ConditionalOnProperty(name = "server.drain.participants.jms.enabled", matchIfMissing = true)
    static class JmsConfiguration {

        @Bean
        JmsListeners drainJmsListeners(ListableBeanFactory beans, DrainProperties properties) {
            return new JmsListeners(beans, properties.participants().exclude());
        }
    }

    /** Listeners of Spring for Apache Pulsar. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(GenericListenerEndpointRegistry.class)
    @ConditionalOnProperty(name = "server.drain.participants.pulsar.enabled", matchIfMissing = true)
    static class PulsarConfiguration {

        @Bean
        PulsarListeners drainPulsarListeners(ListableBeanFactory beans, DrainProperties properties) {
            return new PulsarListeners(beans, properties.participants().exclude());
        }
    }

    /** Bindings of Spring Cloud Stream. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(BindingsLifecycleController.class)
    @ConditionalOnProperty(name = "server.drain.participants.stream.enabled", matchIfMissing = true)
    static class StreamConfiguration {

        @Bean
        StreamBindings drainStreamBindings(ListableBeanFactory beans, DrainProperties properties) {
            return new StreamBindings(beans, properties.participants().exclude());
        }
    }

    /** Pollers of Spring Integration. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SourcePollingChannelAdapter.class)
    @ConditionalOnProperty(name = "server.drain.participants.integration.enabled", matchIfMissing = true)
    static class IntegrationConfiguration {

        @Bean
        static IntegrationPollers drainIntegrationPollers(ObjectProvider<DrainProperties> properties) {
            return new IntegrationPollers(
                    () -> properties.getObject().participants().exclude());
        }
    }
}
