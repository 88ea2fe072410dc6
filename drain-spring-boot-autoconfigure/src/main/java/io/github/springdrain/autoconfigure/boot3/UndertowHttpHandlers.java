// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure.boot3;

import io.github.springdrain.server.undertow.UndertowDrainableServer;
import io.github.springdrain.spring.web.reactive.HttpHandlerWrapper;
import io.undertow.server.HttpServerExchange;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.util.function.SingletonSupplier;
import reactor.core.publisher.Mono;

/** Has Undertow's side of the drain see each exchange before Spring WebFlux serves it. */
final class UndertowHttpHandlers extends HttpHandlerWrapper {

    private final SingletonSupplier<UndertowDrainableServer> server;

    /** Creates it with a supplier that costs next to nothing once it has been asked. */
    UndertowHttpHandlers(SingletonSupplier<UndertowDrainableServer> server) {
        this.server = server;
    }

    @Override
    protected HttpHandler wrap(HttpHandler handler) {
        return (request, response) -> handle(handler, request, response);
    }

    /** Another container may serve, though Undertow is on the class path. */
    private Mono<Void> handle(HttpHandler handler, ServerHttpRequest request, ServerHttpResponse response) {
        if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerExchange exchange) {
            UndertowDrainableServer used = this.server.obtain();
            used.begin(exchange);
            Mono<Void> service = handler.handle(request, response);
            return Mono.fromDirect((subscriber) -> used.serve(exchange, () -> service.subscribe(subscriber)));
        }
        return handler.handle(request, response);
    }
}
