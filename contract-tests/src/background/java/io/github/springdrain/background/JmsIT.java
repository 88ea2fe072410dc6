// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import jakarta.jms.ConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jms.annotation.EnableJms;
import org.springframework.jms.annotation.JmsListener;
import org.springframework.jms.config.DefaultJmsListenerContainerFactory;
import org.springframework.jms.config.JmsListenerEndpointRegistry;
import org.springframework.jms.core.JmsTemplate;

/** Spring JMS, with a broker in this process. */
@Timeout(240)
class JmsIT extends ListenerContract {

    private static final String QUEUE = "work";

    private static final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();

    @BeforeAll
    static void start() throws Exception {
        broker.setConfiguration(new ConfigurationImpl()
                .setPersistenceEnabled(false)
                .setSecurityEnabled(false)
                .addAcceptorConfiguration("in-vm", "vm://0"));
        broker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.stop();
    }

    private static JmsTemplate template() {
        JmsTemplate template = new JmsTemplate(new ActiveMQConnectionFactory("vm://0"));
        template.setReceiveTimeout(Duration.ofSeconds(30).toMillis());
        return template;
    }

    @Override
    Class<?> application() {
        return JmsApplication.class;
    }

    @Override
    String participant() {
        return "JMS listeners";
    }

    @Override
    String property() {
        return "server.drain.participants.jms.enabled";
    }

    @Override
    void send(String message) {
        template().convertAndSend(QUEUE, message);
    }

    @Override
    boolean isListening(RunningApplication application) {
        return application.bean(JmsListenerEndpointRegistry.class).isRunning();
    }

    @Override
    List<String> takeUntil(String last) {
        List<String> taken = new ArrayList<>();
        while (!taken.contains(last)) {
            taken.add(String.valueOf(template().receiveAndConvert(QUEUE)));
        }
        return taken;
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableJms
    @Import({HeldWork.class, Listener.class})
    static class JmsApplication {

        @Bean
        DefaultJmsListenerContainerFactory jmsListenerContainerFactory() {
            ConnectionFactory connections = new ActiveMQConnectionFactory("vm://0");
            DefaultJmsListenerContainerFactory factory = new DefaultJmsListenerContainerFactory();
            factory.setConnectionFactory(connections);
            factory.setSessionTransacted(true);
            return factory;
        }
    }

    record Listener(HeldWork work) {

        @JmsListener(destination = QUEUE)
        void receive(String message) {
            this.work.run(message);
        }
    }
}
