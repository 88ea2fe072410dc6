// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** A Kafka broker in this process, with one consumer group. */
final class KafkaBroker {

    /** The group of the application under test, and of whoever takes what it left. */
    static final String GROUP = "group";

    private static final Duration POLL = Duration.ofMillis(500);

    private static final int POLLS = 120;

    private final EmbeddedKafkaBroker broker;

    private @Nullable DefaultKafkaProducerFactory<String, String> producers;

    KafkaBroker(String... topics) {
        this.broker = new EmbeddedKafkaKraftBroker(1, 1, topics);
    }

    void start() {
        this.broker.afterPropertiesSet();
        this.producers = new DefaultKafkaProducerFactory<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, address()),
                new StringSerializer(),
                new StringSerializer());
    }

    void stop() {
        if (this.producers != null) {
            this.producers.destroy();
        }
        this.broker.destroy();
    }

    /** Where clients find it. */
    String address() {
        return this.broker.getBrokersAsString();
    }

    /** Makes consumers of the group that begin with the first message. */
    DefaultKafkaConsumerFactory<String, String> consumers() {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                address(),
                ConsumerConfig.GROUP_ID_CONFIG,
                GROUP,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                // So that a member that vanished, as in a control, does not hold its partition for long.
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                6000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                1000);
        return new DefaultKafkaConsumerFactory<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /** Sends a message and waits until the broker has it. */
    void send(String topic, String message) throws Exception {
        if (this.producers == null) {
            throw new IllegalStateException("Not started");
        }
        new KafkaTemplate<>(this.producers).send(topic, message).get();
    }

    /** What the group has not taken yet, up to and including {@code last}, or what came of it in a minute. */
    List<String> takeUntil(String topic, String last) {
        List<String> taken = new ArrayList<>();
        try (Consumer<String, String> consumer = consumers().createConsumer()) {
            consumer.subscribe(List.of(topic));
            for (int i = 0; i < POLLS && !taken.contains(last); i++) {
                consumer.poll(POLL).forEach((record) -> taken.add(record.value()));
            }
            consumer.commitSync();
        }
        return taken;
    }
}
