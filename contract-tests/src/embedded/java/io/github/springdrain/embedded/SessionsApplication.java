// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainTimeline;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompReactorNettyCodec;
import org.springframework.messaging.tcp.reactor.ReactorNettyTcpClient;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.standard.ServerEndpointExporter;

/**
 * A servlet application with every API that opens WebSocket sessions. Its STOMP destinations below {@code /topic} belong
 * to the broker whose port is in the property {@value #RELAY_PORT}, or to Spring's own, which stops in the lifecycle phase
 * {@value #PHASE} if that is set.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSocket
@EnableWebSocketMessageBroker
@Import({SessionsApplication.Notes.class, SessionsApplication.Finishing.class})
class SessionsApplication implements WebSocketConfigurer, WebSocketMessageBrokerConfigurer {

    static final String RELAY_PORT = "test.relay-port";

    static final String PHASE = "test.phase";

    private final Environment environment;

    SessionsApplication(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(new Echo(), "/handler").setAllowedOriginPatterns("*");
        registry.addHandler(new Echo(), "/sock").setAllowedOriginPatterns("*").withSockJS();
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        registry.addEndpoint("/stomp").setAllowedOriginPatterns("*");
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.setApplicationDestinationPrefixes("/app");
        Integer relayPort = this.environment.getProperty(RELAY_PORT, Integer.class);
        if (relayPort == null) {
            registry.enableSimpleBroker("/topic");
        } else {
            registry.enableStompBrokerRelay("/topic")
                    .setTcpClient(new ReactorNettyTcpClient<>("localhost", relayPort, new StompReactorNettyCodec()));
        }
    }

    @Override
    public @Nullable Integer getPhase() {
        return this.environment.getProperty(PHASE, Integer.class);
    }

    @Bean
    static ServerEndpointExporter serverEndpoints() {
        ServerEndpointExporter exporter = new ServerEndpointExporter();
        exporter.setAnnotatedEndpointClasses(EchoEndpoint.class);
        return exporter;
    }

    /** Sends every message back. */
    private static final class Echo extends TextWebSocketHandler {

        @Override
        protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
            session.sendMessage(message);
        }
    }

    /** Sends every message back; public because the container creates it. */
    @ServerEndpoint("/endpoint")
    public static class EchoEndpoint {

        @OnMessage
        public String onMessage(String message) {
            return message;
        }
    }

    /** Keeps what is sent to {@code /app/note}. */
    @Controller
    static class Notes {

        private final Set<String> texts = ConcurrentHashMap.newKeySet();

        @MessageMapping("/note")
        void note(String text) {
            this.texts.add(text);
        }

        Set<String> texts() {
            return this.texts;
        }
    }

    /** Notes when the listeners were closed. */
    static class Finishing implements DrainListener {

        private final CountDownLatch begun = new CountDownLatch(1);

        private volatile long atNanos;

        @Override
        public void phaseEntered(DrainPhase phase, DrainTimeline timeline) {
            if (phase == DrainPhase.FINISHING) {
                this.atNanos = System.nanoTime();
                this.begun.countDown();
            }
        }

        void await(Duration limit) throws InterruptedException {
            assertThat(this.begun.await(limit.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        }

        long atNanos() {
            return this.atNanos;
        }
    }
}
