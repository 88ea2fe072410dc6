// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.AcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.listener.MessageListenerContainer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Real listeners of Spring for Apache Kafka, called as their containers would; no broker is at work. */
class CountedContainersTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private final AnnotationConfigApplicationContext context =
            new AnnotationConfigApplicationContext(Application.class, Futures.class, Monos.class, Plain.class);

    private final KafkaListeners participant = this.context.getBean(KafkaListeners.class);

    private final List<String> acknowledged = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        this.context.close();
    }

    @Test
    void countsACallUntilItsFutureIsCompleteAndAcknowledged() {
        ListenerCalls calls = calls("futures");
        deliver("futures", "one");
        assertThat(calls.isNone()).isFalse();
        assertThat(this.acknowledged).isEmpty();
        this.context.getBean(Futures.class).future.complete(null);
        assertThat(this.acknowledged).containsExactly("one, counted");
        assertThat(calls.isNone()).isTrue();
    }

    @Test
    void countsACallUntilItsMonoIsCompleteAndAcknowledged() {
        ListenerCalls calls = calls("monos");
        deliver("monos", "one");
        assertThat(calls.isNone()).isFalse();
        assertThat(this.acknowledged).isEmpty();
        this.context.getBean(Monos.class).sink.tryEmitEmpty().orThrow();
        assertThat(this.acknowledged).containsExactly("one, counted");
        assertThat(calls.isNone()).isTrue();
    }

    @Test
    void neitherCallsNorAcknowledgesWhatIsHeldBack() {
        ListenerCalls calls = calls("futures");
        assertThat(calls.close(() -> {})).isTrue();
        deliver("futures", "late");
        assertThat(this.context.getBean(Futures.class).received).isEmpty();
        assertThat(this.acknowledged).isEmpty();
        calls.open();
        deliver("futures", "again");
        assertThat(this.context.getBean(Futures.class).received).containsExactly("again");
    }

    @Test
    void reportsTheLastCallThatEnds() {
        ListenerCalls calls = calls("futures");
        deliver("futures", "one");
        deliver("futures", "two");
        List<String> ended = new CopyOnWriteArrayList<>();
        assertThat(calls.close(() -> ended.add("all"))).isFalse();
        this.context.getBean(Futures.class).future.complete(null);
        assertThat(ended).containsExactly("all");
    }

    @Test
    void endsTheCallOfAFutureThatFails() {
        deliver("futures", "one");
        this.context.getBean(Futures.class).future.completeExceptionally(new IllegalStateException("for the test"));
        assertThat(calls("futures").isNone()).isTrue();
    }

    @Test
    void leavesAloneListenersThatReturnNoFutures() {
        assertThat(this.participant.calls(container("plain"))).isNull();
        assertThat(this.participant.isActive(TIME)).isFalse();
    }

    private MessageListenerContainer container(String id) {
        return Objects.requireNonNull(
                this.context.getBean(KafkaListenerEndpointRegistry.class).getListenerContainer(id));
    }

    private ListenerCalls calls(String id) {
        return Objects.requireNonNull(this.participant.calls(container(id)));
    }

    @SuppressWarnings("unchecked")
    private void deliver(String id, String value) {
        var listener = (AcknowledgingConsumerAwareMessageListener<String, String>)
                container(id).getContainerProperties().getMessageListener();
        ListenerCalls calls = calls(id);
        listener.onMessage(
                new ConsumerRecord<>("topic", 0, 0, "key", value),
                () -> this.acknowledged.add(value + (calls.isNone() ? ", not counted" : ", counted")),
                null);
    }

    static final class Futures {

        private final CompletableFuture<Void> future = new CompletableFuture<>();

        private final List<String> received = new CopyOnWriteArrayList<>();

        @KafkaListener(id = "futures", topics = "topic", autoStartup = "false")
        CompletableFuture<Void> receive(String message) {
            this.received.add(message);
            return this.future;
        }
    }

    /** One method of several. */
    @KafkaListener(id = "monos", topics = "topic", autoStartup = "false")
    static final class Monos {

        private final Sinks.Empty<Void> sink = Sinks.empty();

        @KafkaHandler
        Mono<Void> receive(String message) {
            return this.sink.asMono();
        }

        @KafkaHandler(isDefault = true)
        void receiveOther(Object message) {}
    }

    static final class Plain {

        @KafkaListener(id = "plain", topics = "topic", autoStartup = "false")
        void receive(String message) {}
    }

    @EnableKafka
    static final class Application {

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory =
                    new ConcurrentKafkaListenerContainerFactory<>();
            factory.setConsumerFactory(new DefaultKafkaConsumerFactory<>(Map.of()));
            return factory;
        }

        @Bean
        KafkaListeners participant(ObjectProvider<KafkaListenerEndpointRegistry> registries) {
            return new KafkaListeners(registries, Set.of());
        }
    }
}
