package io.github.springdrain.background;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.rabbit.annotation.EnableRabbit;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.DirectRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.listener.RabbitListenerContainerFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Spring AMQP, with a broker in this process; once for each kind of listener container. */
@Timeout(240)
class RabbitIT {

    private static final String QUEUE = "work";

    private static final AmqpBroker broker = new AmqpBroker();

    private static final ConnectionFactory connections = new ConnectionFactory();

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        connections.setHost("127.0.0.1");
        connections.setPort(broker.start(directory).port());
        connections.setVirtualHost("default");
        try (Connection connection = connections.newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(QUEUE, false, false, false, null);
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
        List<String> takeUntil(String last) throws Exception {
            List<String> taken = new ArrayList<>();
            try (Connection connection = connections.newConnection();
                    Channel channel = connection.createChannel()) {
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                    GetResponse response = channel.basicGet(QUEUE, true);
                    if (response != null) {
                        taken.add(new String(response.getBody(), StandardCharsets.UTF_8));
                    }
                    return taken.contains(last);
                });
            }
            return taken;
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableRabbit
    static class RabbitApplication {

        @Bean
        HeldWork work() {
            return new HeldWork();
        }

        @Bean
        CachingConnectionFactory cachingConnectionFactory() {
            return new CachingConnectionFactory(connections);
        }

        @Bean
        Listener listener(HeldWork work) {
            return new Listener(work);
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import(RabbitApplication.class)
    static class SimpleApplication {

        @Bean
        RabbitListenerContainerFactory<?> rabbitListenerContainerFactory(CachingConnectionFactory factory) {
            SimpleRabbitListenerContainerFactory containers = new SimpleRabbitListenerContainerFactory();
            containers.setConnectionFactory(factory);
            return containers;
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import(RabbitApplication.class)
    static class DirectApplication {

        @Bean
        RabbitListenerContainerFactory<?> rabbitListenerContainerFactory(CachingConnectionFactory factory) {
            DirectRabbitListenerContainerFactory containers = new DirectRabbitListenerContainerFactory();
            containers.setConnectionFactory(factory);
            return containers;
        }
    }

    static class Listener {

        private final HeldWork work;

        Listener(HeldWork work) {
            this.work = work;
        }

        @RabbitListener(queues = QUEUE)
        void receive(String message) {
            this.work.run(message);
        }
    }
}
