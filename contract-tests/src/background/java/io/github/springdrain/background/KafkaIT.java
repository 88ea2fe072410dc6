package io.github.springdrain.background;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.Lifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** Spring for Apache Kafka, with a broker in this process. */
@Timeout(240)
class KafkaIT extends ListenerContract {

    private static final String TOPIC = "work";

    private static final EmbeddedKafkaBroker broker = new EmbeddedKafkaKraftBroker(1, 1, TOPIC);

    private static DefaultKafkaProducerFactory<String, String> producers;

    @BeforeAll
    static void start() {
        broker.afterPropertiesSet();
        producers = new DefaultKafkaProducerFactory<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.getBrokersAsString()),
                new StringSerializer(),
                new StringSerializer());
    }

    @AfterAll
    static void stop() {
        producers.destroy();
        broker.destroy();
    }

    private static DefaultKafkaConsumerFactory<String, String> consumers() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.getBrokersAsString());
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "group");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // So that a member that vanished, as in the control, does not hold its partition for long.
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6000);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1000);
        return new DefaultKafkaConsumerFactory<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    @Override
    Class<?> application() {
        return KafkaApplication.class;
    }

    @Override
    String participant() {
        return "Kafka listeners";
    }

    @Override
    String property() {
        return "server.drain.participants.kafka.enabled";
    }

    @Override
    void send(String message) throws Exception {
        new KafkaTemplate<>(producers).send(TOPIC, message).get();
    }

    @Override
    boolean isListening(RunningApplication application) {
        return application.bean(KafkaListenerEndpointRegistry.class).getAllListenerContainers().stream()
                .anyMatch(Lifecycle::isRunning);
    }

    @Override
    List<String> takeUntil(String last) {
        List<String> taken = new ArrayList<>();
        try (Consumer<String, String> consumer = consumers().createConsumer()) {
            consumer.subscribe(List.of(TOPIC));
            for (int i = 0; i < 120 && !taken.contains(last); i++) {
                consumer.poll(Duration.ofMillis(500)).forEach((record) -> taken.add(record.value()));
            }
            consumer.commitSync();
        }
        return taken;
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableKafka
    @Import({HeldWork.class, Listener.class})
    static class KafkaApplication {

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory =
                    new ConcurrentKafkaListenerContainerFactory<>();
            factory.setConsumerFactory(consumers());
            return factory;
        }
    }

    record Listener(HeldWork work) {

        @KafkaListener(topics = TOPIC)
        void receive(String message) {
            this.work.run(message);
        }
    }
}
