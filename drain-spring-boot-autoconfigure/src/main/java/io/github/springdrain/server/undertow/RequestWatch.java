// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.server.CloseAdvertisement;
import io.undertow.server.ConduitWrapper;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.ConduitFactory;
import io.undertow.util.Headers;
import java.util.concurrent.atomic.LongAdder;
import org.xnio.conduits.StreamSinkConduit;

/**
 * What is done for each request: its response advertises the close while a drain wants that, and a body that is not read
 * neither holds a worker nor ends in a reset. Thread-safe.
 */
final class RequestWatch implements ConduitWrapper<StreamSinkConduit> {

    private static final ExchangeCompletionListener DROP_PIPELINED = (exchange, next) -> {
        if (!exchange.isPersistent() && exchange.getConnection() instanceof HttpServerConnection connection) {
            PipelinedRequests.drop(connection);
        }
        next.proceed();
    };

    private final CloseAdvertisement announcement = new CloseAdvertisement();

    private final LongAdder begun = new LongAdder();

    private volatile boolean counting;

    private final Lingering lingering;

    private final ExchangeCompletionListener lingerWithoutBody;

    RequestWatch(Lingering lingering) {
        this.lingering = lingering;
        this.lingerWithoutBody = (exchange, next) -> lingering.end(exchange, false, next);
    }

    CloseAdvertisement announcement() {
        return this.announcement;
    }

    /** Requests that were begun since this was asked for the first time; nothing is counted before. */
    long begun() {
        this.counting = true;
        return this.begun.sum();
    }

    /** For a listener, once it is open. */
    HttpHandler inFrontOf(HttpHandler next) {
        return (next instanceof Handler) ? next : new Handler(next, this);
    }

    /**
     * For an application, from the start: connections that came in before the outermost handler was installed keep the
     * handler they were given.
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
                && !(connection.getRootHandler() instanceof Handler)) {
            begin(exchange);
        }
    }

    void begin(HttpServerExchange exchange) {
        if (this.counting) {
            this.begun.increment();
        }
        if (exchange.getConnection() instanceof HttpServerConnection connection) {
            exchange.addResponseWrapper(this);
            if (this.lingering.isEnabled() && !exchange.isRequestComplete()) {
                BodySource.watch(exchange, connection, this.lingering);
            }
        }
    }

    /**
     * Called when the response is begun, so that it reaches requests that were in service before the announcement too. The
     * framing is chosen first: a connection that is not persistent gets no chunks, and an abort would look complete.
     */
    @Override
    public StreamSinkConduit wrap(ConduitFactory<StreamSinkConduit> factory, HttpServerExchange exchange) {
        StreamSinkConduit conduit = factory.create();
        if (exchange.isUpgrade() || !(exchange.getConnection() instanceof HttpServerConnection connection)) {
            return conduit;
        }
        if (!exchange.isPersistent()) {
            if (PipelinedRequests.seenOn(connection)) {
                endAfter(exchange);
            }
        } else if (this.announcement.isForNext() && !PipelinedRequests.follow(exchange, connection)) {
            exchange.getResponseHeaders().put(Headers.CONNECTION, Headers.CLOSE.toString());
            exchange.setPersistent(false);
            endAfter(exchange);
        }
        return conduit;
    }

    private void endAfter(HttpServerExchange exchange) {
        if (!this.lingering.isEnabled()) {
            exchange.addExchangeCompleteListener(DROP_PIPELINED);
        } else if (!BodySource.isWatching(exchange)) {
            exchange.addExchangeCompleteListener(this.lingerWithoutBody);
        }
    }

    /** The outermost handler: sees every request before any other handler does. Costs one list entry. */
    private static final class Handler implements HttpHandler {

        private final HttpHandler next;

        private final RequestWatch watch;

        private Handler(HttpHandler next, RequestWatch watch) {
            this.next = next;
            this.watch = watch;
        }

        @Override
        public void handleRequest(HttpServerExchange exchange) throws Exception {
            this.watch.begin(exchange);
            this.next.handleRequest(exchange);
        }
    }
}
