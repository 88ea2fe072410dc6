package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.springdrain.Drain;
import io.github.springdrain.contract.RawConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.Lifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Spring for Apache Kafka, with a broker in this process. */
@Timeout(240)
class KafkaIT {

    private static final String TOPIC = "work";

    private static final String REPLIES = "replies";

    private static final EmbeddedKafkaBroker broker = new EmbeddedKafkaKraftBroker(1, 1, TOPIC, REPLIES);

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

    @Nested
    class WithMethodsThatWork extends KafkaContract {

        @Override
        Class<?> application() {
            return WorkingApplication.class;
        }
    }

    @Nested
    class WithMethodsThatReturnFutures extends KafkaContract {

        @Override
        Class<?> application() {
            return FutureApplication.class;
        }

        /** The container runs until the future is complete; what it takes meanwhile goes back. */
        @Override
        boolean isHeldBack(RunningApplication application) {
            return isPrepared();
        }
    }

    @Nested
    class WithMethodsThatReturnMonos extends KafkaContract {

        @Override
        Class<?> application() {
            return MonoApplication.class;
        }

        /** The container runs until the future is complete; what it takes meanwhile goes back. */
        @Override
        boolean isHeldBack(RunningApplication application) {
            return isPrepared();
        }
    }

    @Test
    void aRequestGetsTheReplyThatAnExcludedListenerTakesWhileDraining() throws Exception {
        RunningApplication application =
                RunningApplication.start(AskingApplication.class, "server.drain.participants.exclude=replies");
        try (RawConnection asking = application.client().connect().request("GET", "/ask")) {
            awaitQuestion(application);
            application.close().awaitFinishing();
            new KafkaTemplate<>(producers).send(REPLIES, "a reply").get();
            assertThat(asking.read().text()).isEqualTo("a reply");
            application.awaitClosed();
        }
    }

    @Test
    void aDrainNamesThePropertyWhereTheListenerWasStoppedAndTheRequestAborted() throws Exception {
        RunningApplication application = RunningApplication.start(AskingApplication.class, "server.drain.timeout=3s");
        Drain drain = application.drain();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger("io.github.springdrain.spring.messaging")).addAppender(log);
        try (RawConnection asking = application.client().connect()) {
            asking.request("GET", "/ask");
            awaitQuestion(application);
            application.close().awaitFinishing();
            new KafkaTemplate<>(producers).send(REPLIES, "too late").get();
            application.awaitClosed();
        }
        assertThat(Objects.requireNonNull(drain.status().report()).aborted()).hasSize(1);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch((line) -> line.contains("Kafka listeners were stopped: [replies]")
                        && line.contains("server.drain.participants.exclude"));
    }

    private static void awaitQuestion(RunningApplication application) {
        Replies replies = application.bean(Replies.class);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> replies.asked);
    }

    abstract static class KafkaContract extends ListenerContract {

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
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableKafka
    @Import(HeldWork.class)
    static class KafkaApplication {

        @Bean
        ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory() {
            ConcurrentKafkaListenerContainerFactory<String, String> factory =
                    new ConcurrentKafkaListenerContainerFactory<>();
            factory.setConsumerFactory(consumers());
            return factory;
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import({KafkaApplication.class, Listener.class})
    static class WorkingApplication {}

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import({KafkaApplication.class, FutureListener.class})
    static class FutureApplication {}

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import({KafkaApplication.class, MonoListener.class})
    static class MonoApplication {}

    record Listener(HeldWork work) {

        @KafkaListener(topics = TOPIC)
        void receive(String message) {
            this.work.run(message);
        }
    }

    record FutureListener(HeldWork work) {

        @KafkaListener(topics = TOPIC)
        CompletableFuture<Void> receive(String message) {
            return this.work.runLater(message);
        }
    }

    /** One method of several, by the type of the message. */
    @KafkaListener(topics = TOPIC)
    record MonoListener(HeldWork work) {

        @KafkaHandler
        Mono<Void> receive(String message) {
            return Mono.fromFuture(() -> this.work.runLater(message));
        }

        @KafkaHandler(isDefault = true)
        Mono<Void> receiveOther(Object message) {
            return Mono.error(new IllegalArgumentException("Not a text: " + message));
        }
    }

    /** The question goes out by whatever way; the reply comes as a record. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import({KafkaApplication.class, Replies.class})
    static class AskingApplication {

        @Bean
        RouterFunction<ServerResponse> routes(Replies replies) {
            return route().GET("/ask", (request) -> ServerResponse.ok().body(replies.ask(), String.class))
                    .build();
        }
    }

    static final class Replies {

        private final CompletableFuture<String> reply = new CompletableFuture<>();

        private volatile boolean asked;

        Mono<String> ask() {
            this.asked = true;
            return Mono.fromFuture(this.reply, true);
        }

        @KafkaListener(id = "replies", groupId = "replies", topics = REPLIES)
        void receive(String message) {
            this.reply.complete(message);
        }
    }
}
