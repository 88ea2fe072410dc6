// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.cloud.stream.config.ListenerContainerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/** Spring Cloud Stream with its binder for Kafka, and a broker in this process. */
@Tag("long")
@Timeout(240)
class StreamIT extends StreamContract {

    private static final KafkaBroker broker = new KafkaBroker(DESTINATION);

    @BeforeAll
    static void startBroker() {
        broker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.stop();
    }

    @Override
    Class<?> application() {
        return KafkaApplication.class;
    }

    @Override
    List<String> properties() {
        List<String> properties = new ArrayList<>(binding(KafkaBroker.GROUP));
        properties.addAll(List.of(
                "spring.cloud.stream.kafka.bindings.work-in-0.consumer.start-offset=earliest",
                "spring.cloud.stream.kafka.binder.brokers=" + broker.address(),
                "spring.cloud.stream.kafka.binder.consumer-properties.session.timeout.ms=6000",
                "spring.cloud.stream.kafka.binder.consumer-properties.heartbeat.interval.ms=1000"));
        return properties;
    }

    @Override
    void send(String message) throws Exception {
        broker.send(DESTINATION, message);
    }

    @Override
    List<String> takeUntil(String last) {
        return broker.takeUntil(DESTINATION, last);
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import(StreamApplication.class)
    static class KafkaApplication {

        @Bean
        ListenerContainerCustomizer<AbstractMessageListenerContainer<?, ?>> limit() {
            return (container, destination, group) ->
                    container.getContainerProperties().setShutdownTimeout(LIMIT.toMillis());
        }
    }
}
