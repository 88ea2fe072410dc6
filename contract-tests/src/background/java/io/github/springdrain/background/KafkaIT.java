// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.springdrain.Drain;
import io.github.springdrain.contract.RawConnection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
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
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Spring for Apache Kafka, with a broker in this process. */
@Timeout(240)
class KafkaIT {

    private static final String TOPIC = "work";

    private static final String REPLIES = "replies";

    private static final KafkaBroker broker = new KafkaBroker(TOPIC, REPLIES);

    @BeforeAll
    static void start() {
        broker.start();
    }

    @AfterAll
    static void stop() {
        broker.stop();
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
            Replies replies = awaitQuestion(application);
            application.close().awaitFinishing();
            // Spring would go on to stop the listener now.
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> replies.closing);
            broker.send(REPLIES, "reply to " + replies.question);
            assertThat(asking.read().text()).isEqualTo("reply to " + replies.question);
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
            Replies replies = awaitQuestion(application);
            application.close().awaitFinishing();
            broker.send(REPLIES, "reply to " + replies.question);
            application.awaitClosed();
        }
        assertThat(Objects.requireNonNull(drain.status().report()).aborted()).hasSize(1);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch((line) -> line.contains("Kafka listeners were stopped: [replies]")
                        && line.contains("server.drain.participants.exclude"));
    }

    private static Replies awaitQuestion(RunningApplication application) {
        Replies replies = application.bean(Replies.class);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> replies.asked);
        return replies;
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
            broker.send(TOPIC, message);
        }

        @Override
        boolean isListening(RunningApplication application) {
            return application.bean(KafkaListenerEndpointRegistry.class).getAllListenerContainers().stream()
                    .anyMatch(Lifecycle::isRunning);
        }

        @Override
        List<String> takeUntil(String last) {
            return broker.takeUntil(TOPIC, last);
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
            factory.setConsumerFactory(broker.consumers());
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

        /** The topic may still have a reply to another application. */
        private final String question = UUID.randomUUID().toString();

        private final CompletableFuture<String> reply = new CompletableFuture<>();

        private volatile boolean asked;

        private volatile boolean closing;

        Mono<String> ask() {
            this.asked = true;
            return Mono.fromFuture(this.reply, true);
        }

        @KafkaListener(id = "replies", groupId = "replies", topics = REPLIES)
        void receive(String message) {
            if (message.endsWith(this.question)) {
                this.reply.complete(message);
            }
        }

        @EventListener(ContextClosedEvent.class)
        void close() {
            this.closing = true;
        }
    }
}
