// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/** Maps the echo WebSocket. */
@Configuration(proxyBeanMethods = false)
class WebSocketConfiguration {

    private static final int BEFORE_CONTROLLERS = -1;

    @Bean
    HandlerMapping webSocketMapping() {
        return new SimpleUrlHandlerMapping(Map.of("/ws", new EchoHandler()), BEFORE_CONTROLLERS);
    }
}
