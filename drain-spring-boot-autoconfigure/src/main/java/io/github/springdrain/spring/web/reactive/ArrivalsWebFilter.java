// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.reactive;

import io.github.springdrain.engine.RequestArrivals;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Counts the requests that come in during an announcement. One read for each of them otherwise. */
public final class ArrivalsWebFilter implements WebFilter, Ordered {

    private final RequestArrivals arrivals;

    private final ApplicationContext context;

    /** Creates a filter that counts the requests of {@code context} in {@code arrivals}. */
    public ArrivalsWebFilter(RequestArrivals arrivals, ApplicationContext context) {
        this.arrivals = arrivals;
        this.context = context;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    /** The management server on a port of its own inherits the filters of the application; its requests are no traffic. */
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (this.arrivals.isCounting() && exchange.getApplicationContext() == this.context) {
            ServerHttpRequest request = exchange.getRequest();
            this.arrivals.add(request.getMethod().name(), request.getPath().value());
        }
        return chain.filter(exchange);
    }
}
