// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.MessageListenerContainer;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.cloud.stream.config.ListenerContainerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Spring Cloud Stream with its binder for RabbitMQ, and a broker in this process. */
@Tag("long")
@Timeout(240)
@SuppressWarnings("removal") // The container's type has moved between Spring AMQP 4.0 and 4.1.
class RabbitStreamIT extends StreamContract {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String GROUP = "group";

    private static final String VIRTUAL_HOST = "default";

    private static final AmqpBroker broker = new AmqpBroker();

    private static final ConnectionFactory connections = new ConnectionFactory();

    @BeforeAll
    static void startBroker(@TempDir Path directory) throws Exception {
        connections.setHost("127.0.0.1");
        connections.setPort(broker.start(directory).port());
        connections.setVirtualHost(VIRTUAL_HOST);
    }

    @AfterAll
    static void stopBroker() {
        broker.stop();
    }

    @Override
    Class<?> application() {
        return RabbitApplication.class;
    }

    @Override
    List<String> properties() {
        List<String> properties = new ArrayList<>(binding(GROUP));
        properties.addAll(List.of(
                "spring.rabbitmq.host=" + connections.getHost(),
                "spring.rabbitmq.port=" + connections.getPort(),
                "spring.rabbitmq.virtual-host=" + VIRTUAL_HOST));
        return properties;
    }

    @Override
    void send(String message) throws Exception {
        try (Connection connection = connections.newConnection();
                Channel channel = connection.createChannel()) {
            channel.basicPublish(
                    DESTINATION,
                    "",
                    new BasicProperties.Builder().contentType("text/plain").build(),
                    message.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    List<String> takeUntil(String last) throws Exception {
        List<String> taken = new ArrayList<>();
        try (Connection connection = connections.newConnection();
                Channel channel = connection.createChannel()) {
            while (!taken.contains(last)) {
                GetResponse next = Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> channel.basicGet(DESTINATION + "." + GROUP, true), Objects::nonNull);
                taken.add(new String(next.getBody(), StandardCharsets.UTF_8));
            }
        }
        return taken;
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @Import(StreamApplication.class)
    static class RabbitApplication {

        @Bean
        ListenerContainerCustomizer<MessageListenerContainer> limit() {
            return (container, destination, group) ->
                    ((AbstractMessageListenerContainer) container).setShutdownTimeout(LIMIT.toMillis());
        }
    }
}
