// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.reactive;

import io.github.springdrain.OpenStreams;
import io.github.springdrain.spring.StreamPolicy;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * Lets the drain terminate the open-ended streams of Spring WebFlux. Costs one wrapper for each response: a filter would
 * cost a copy of the exchange and a link in the chain of publishers as well.
 */
public final class StreamsHttpHandlers extends HttpHandlerWrapper {

    private final Supplier<OpenStreams> streams;

    private final Supplier<StreamPolicy> policy;

    private final BooleanSupplier drained;

    /**
     * Creates one that registers with {@code streams} what {@code policy} allows to be ended; both are asked for once there
     * is a handler.
     *
     * @param drained whether the server is drained, asked for each response; everything is left as it is otherwise
     */
    public StreamsHttpHandlers(Supplier<OpenStreams> streams, Supplier<StreamPolicy> policy, BooleanSupplier drained) {
        this.streams = streams;
        this.policy = policy;
        this.drained = drained;
    }

    @Override
    protected HttpHandler wrap(HttpHandler handler) {
        OpenStreams registry = this.streams.get();
        StreamPolicy applied = this.policy.get();
        return (request, response) -> handler.handle(
                request,
                this.drained.getAsBoolean() ? TerminableServerResponse.around(response, registry, applied) : response);
    }
}
