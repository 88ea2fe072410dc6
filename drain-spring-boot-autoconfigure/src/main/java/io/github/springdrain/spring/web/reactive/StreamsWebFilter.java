// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.reactive;

import io.github.springdrain.OpenStreams;
import io.github.springdrain.spring.StreamPolicy;
import java.util.function.BooleanSupplier;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets the drain terminate the open-ended streams of Spring WebFlux. Costs one wrapper for each exchange. */
public final class StreamsWebFilter implements WebFilter, Ordered {

    private final OpenStreams streams;

    private final StreamPolicy policy;

    private final BooleanSupplier drained;

    /**
     * Creates a filter that registers with {@code streams} what {@code policy} allows to be ended.
     *
     * @param drained whether the server is drained; everything is left as it is otherwise
     */
    public StreamsWebFilter(OpenStreams streams, StreamPolicy policy, BooleanSupplier drained) {
        this.streams = streams;
        this.policy = policy;
        this.drained = drained;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE + 10;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!this.drained.getAsBoolean()) {
            return chain.filter(exchange);
        }
        TerminableServerResponse response =
                TerminableServerResponse.around(exchange.getResponse(), this.streams, this.policy);
        return chain.filter(exchange.mutate().response(response).build());
    }
}
