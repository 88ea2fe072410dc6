// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.reactive;

import io.github.springdrain.OpenStreams;
import io.github.springdrain.spring.StreamPolicy;
import java.util.function.BooleanSupplier;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;

/**
 * Lets the drain terminate the open-ended streams of Spring WebFlux. Costs one wrapper for each response: a filter would
 * cost a copy of the exchange and a link in the chain of publishers as well.
 */
public final class StreamsDecorator implements HttpHandlerDecoratorFactory {

    private final OpenStreams streams;

    private final StreamPolicy policy;

    private final BooleanSupplier drained;

    /**
     * Creates a decorator that registers with {@code streams} what {@code policy} allows to be ended.
     *
     * @param drained whether the server is drained; everything is left as it is otherwise
     */
    public StreamsDecorator(OpenStreams streams, StreamPolicy policy, BooleanSupplier drained) {
        this.streams = streams;
        this.policy = policy;
        this.drained = drained;
    }

    @Override
    public HttpHandler apply(HttpHandler handler) {
        return (request, response) -> handler.handle(
                request,
                this.drained.getAsBoolean()
                        ? TerminableServerResponse.around(response, this.streams, this.policy)
                        : response);
    }
}
