// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.github.springdrain.contract.RawConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.rabbit.annotation.EnableRabbit;
import org.springframework.amqp.rabbit.annotation.RabbitHandler;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.DirectRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.amqp.rabbit.listener.RabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Spring AMQP, with a broker in this process; once for each kind of listener container. */
@Timeout(240)
class RabbitIT {

    private static final String QUEUE = "work";

    private static final String QUESTIONS = "questions";

    private static final String REPLIES = "replies";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final AmqpBroker broker = new AmqpBroker();

    private static final ConnectionFactory connections = new ConnectionFactory();

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        connections.setHost("127.0.0.1");
        connections.setPort(broker.start(directory).port());
        connections.setVirtualHost("default");
        try (Connection connection = connections.newConnection();
                Channel channel = connection.createChannel()) {
            for (String queue : List.of(QUEUE, QUESTIONS, REPLIES)) {
                channel.queueDeclare(queue, false, false, false, null);
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.stop();
    }

    @Nested
    class WithSimpleContainers extends RabbitContract {

        @Override
        Class<?> application() {
            return SimpleApplication.class;
        }
    }

    @Nested
    class WithDirectContainers extends RabbitContract {

        @Override
        Class<?> application() {
            return DirectApplication.class;
        }
    }

    @Nested
    class WithSimpleContainersAndFutures extends RabbitContract {

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
    class WithDirectContainersAndMonos extends RabbitContract {

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

    /** Stopped with the listeners, the container of replies would leave the request without a response. */
    @Test
    void aRequestInServiceGetsItsReplyWhileDraining() throws Exception {
        RunningApplication application = RunningApplication.start(AskingApplication.class);
        try (RawConnection asking = application.client().connect().request("GET", "/ask");
                Connection connection = connections.newConnection();
                Channel channel = connection.createChannel()) {
            GetResponse question = take(channel, QUESTIONS);
            application.close().awaitFinishing();
            channel.basicPublish("", REPLIES, question.getProps(), "a reply".getBytes(StandardCharsets.UTF_8));
            assertThat(asking.read().text()).isEqualTo("a reply");
            application.awaitClosed();
        }
    }

    private static GetResponse take(Channel channel, String queue) {
        return Awaitility.await().atMost(PATIENCE).until(() -> channel.basicGet(queue, true), Objects::nonNull);
    }

    abstract static class RabbitContract extends ListenerContract {

        @Override
        String participant() {
            return "RabbitMQ listeners";
        }

        @Override
        String property() {
            return "server.drain.participants.rabbit.enabled";
        }

        @Override
        void send(String message) throws Exception {
            try (Connection connection = connections.newConnection();
                    Channel channel = connection.createChannel()) {
                channel.basicPublish("", QUEUE, null, message.getBytes(StandardCharsets.UTF_8));
            }
        }

        @Override
        boolean isListening(RunningApplication application) {
            return application.bean(RabbitListenerEndpointRegistry.class).isRunning();
        }

        @Override
        List<String> takeUntil(String last) throws Exception {
            List<String> taken = new ArrayList<>();
            try (Connection connection = connections.newConnection();
                    Channel channel = connection.createChannel()) {
                while (!taken.contains(last)) {
                    taken.add(new String(take(channel, QUEUE).getBody(), StandardCharsets.UTF_8));
                }
            }
            return taken;
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableRabbit
    @Import(HeldWork.class)
    static class RabbitApplication {

        @Bean
        CachingConnectionFactory cachingConnectionFactory() {
            return new CachingConnectionFactory(connections);
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import({SimpleContainers.class, Listener.class})
    static class SimpleApplication {}

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import({SimpleContainers.class, FutureListener.class})
    static class FutureApplication {}

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import({DirectContainers.class, Listener.class})
    static class DirectApplication {}

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import({DirectContainers.class, MonoListener.class})
    static class MonoApplication {}

    @Import(RabbitApplication.class)
    static class SimpleContainers {

        @Bean
        RabbitListenerContainerFactory<?> rabbitListenerContainerFactory(CachingConnectionFactory factory) {
            SimpleRabbitListenerContainerFactory containers = new SimpleRabbitListenerContainerFactory();
            containers.setConnectionFactory(factory);
            return containers;
        }
    }

    @Import(RabbitApplication.class)
    static class DirectContainers {

        @Bean
        RabbitListenerContainerFactory<?> rabbitListenerContainerFactory(CachingConnectionFactory factory) {
            DirectRabbitListenerContainerFactory containers = new DirectRabbitListenerContainerFactory();
            containers.setConnectionFactory(factory);
            return containers;
        }
    }

    /** Asks another application over the broker, for a request, and gets the reply in a container of its own. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class AskingApplication {

        @Bean
        CachingConnectionFactory cachingConnectionFactory() {
            return new CachingConnectionFactory(connections);
        }

        @Bean
        RabbitTemplate template(CachingConnectionFactory factory) {
            RabbitTemplate template = new RabbitTemplate(factory);
            template.setRoutingKey(QUESTIONS);
            template.setReplyAddress(REPLIES);
            template.setReplyTimeout(PATIENCE.toMillis());
            return template;
        }

        @Bean
        SimpleMessageListenerContainer replies(CachingConnectionFactory factory, RabbitTemplate template) {
            SimpleMessageListenerContainer container = new SimpleMessageListenerContainer(factory);
            container.setQueueNames(REPLIES);
            container.setMessageListener(template);
            return container;
        }

        @Bean
        RouterFunction<ServerResponse> routes(RabbitTemplate template) {
            return route().GET(
                            "/ask",
                            (request) -> Mono.fromCallable(() -> template.convertSendAndReceive("a question"))
                                    .subscribeOn(Schedulers.boundedElastic())
                                    .flatMap((reply) -> ServerResponse.ok().bodyValue(reply)))
                    .build();
        }
    }

    record Listener(HeldWork work) {

        @RabbitListener(queues = QUEUE)
        void receive(String message) {
            this.work.run(message);
        }
    }

    record FutureListener(HeldWork work) {

        @RabbitListener(queues = QUEUE)
        CompletableFuture<Void> receive(String message) {
            return this.work.runLater(message);
        }
    }

    /** One method of several, by the type of the message. */
    @RabbitListener(queues = QUEUE)
    record MonoListener(HeldWork work) {

        @RabbitHandler
        Mono<Void> receive(byte[] message) {
            return Mono.fromFuture(() -> this.work.runLater(new String(message, StandardCharsets.UTF_8)));
        }

        @RabbitHandler(isDefault = true)
        Mono<Void> receiveOther(Object message) {
            return Mono.error(new IllegalArgumentException("Not a text: " + message));
        }
    }
}
