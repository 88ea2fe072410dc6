// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import io.github.springdrain.DrainableStream;
import io.github.springdrain.spring.StreamPolicy;
import io.github.springdrain.spring.web.reactive.TerminableFlux;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import reactor.core.publisher.Flux;

/** What a reactive sequence sends, unless it is collected into one response. */
final class FluxStream implements DrainableStream {

    private final TerminableFlux<Object> source;

    private final HttpServletResponse response;

    private final StreamPolicy policy;

    private FluxStream(Flux<?> source, HttpServletResponse response, StreamPolicy policy) {
        this.source = new TerminableFlux<>(source);
        this.response = response;
        this.policy = policy;
    }

    static boolean isSource(Object body) {
        return body instanceof Flux;
    }

    static FluxStream of(Object body, HttpServletResponse response, StreamPolicy policy) {
        return new FluxStream((Flux<?>) body, response, policy);
    }

    /** The return value with this in place of the sequence it had. */
    Object in(@Nullable Object value) {
        return (value instanceof ResponseEntity<?> entity)
                ? ResponseEntity.status(entity.getStatusCode())
                        .headers(entity.getHeaders())
                        .body(this.source.flux())
                : this.source.flux();
    }

    @Override
    public void end() {
        // What is collected is written when it is whole, and counts as an ordinary response until then.
        if (!this.response.isCommitted() || !ResponseHead.mayEnd(this.response, this.policy)) {
            return;
        }
        Duration retry = this.policy.retry();
        MediaType type = ResponseHead.type(this.response);
        if (retry != null && MediaType.TEXT_EVENT_STREAM.equalsTypeAndSubtype(type)) {
            this.source.end(ServerSentEvent.builder().retry(retry).build());
        } else {
            this.source.end();
        }
    }
}
