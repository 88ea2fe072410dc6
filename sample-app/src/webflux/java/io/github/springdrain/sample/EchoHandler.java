// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Mono;

/** Sends every WebSocket message back as it came. */
class EchoHandler implements WebSocketHandler {

    @Override
    public Mono<Void> handle(WebSocketSession session) {
        return session.send(session.receive().doOnNext(WebSocketMessage::retain));
    }
}
