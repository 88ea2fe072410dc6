package io.github.springdrain.server.undertow;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;

/** The outermost handler: sees every request before any other handler does. Costs one list entry. */
final class DrainHandler implements HttpHandler {

    private final HttpHandler next;

    private final RequestWatch watch;

    private DrainHandler(HttpHandler next, RequestWatch watch) {
        this.next = next;
        this.watch = watch;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        this.watch.begin(exchange);
        this.next.handleRequest(exchange);
    }

    /** Makes handlers that share one watch. */
    record Factory(RequestWatch watch) {

        /** For a listener, once it is open. */
        HttpHandler inFrontOf(HttpHandler next) {
            return (next instanceof DrainHandler) ? next : new DrainHandler(next, this.watch);
        }

        /**
         * For an application, from the start: connections that came in before the outermost handler was installed keep
         * the handler they were given.
         */
        HttpHandler forEarlyConnections(HttpHandler next) {
            return (exchange) -> {
                beginEarly(exchange);
                next.handleRequest(exchange);
            };
        }

        /** Begins a request that has gone by the outermost handler, and no other. */
        void beginEarly(HttpServerExchange exchange) {
            if (exchange.getConnection() instanceof HttpServerConnection connection
                    && !(connection.getRootHandler() instanceof DrainHandler)) {
                this.watch.begin(exchange);
            }
        }
    }
}
