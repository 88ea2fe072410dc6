// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.reactive;

import io.github.springdrain.DrainableStream;
import io.github.springdrain.OpenStreams;
import io.github.springdrain.spring.StreamPolicy;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A response whose body is registered as a stream if it may be open-ended. */
class TerminableServerResponse extends ServerHttpResponseDecorator {

    private final OpenStreams streams;

    private final StreamPolicy policy;

    TerminableServerResponse(ServerHttpResponse delegate, OpenStreams streams, StreamPolicy policy) {
        super(delegate);
        this.streams = streams;
        this.policy = policy;
    }

    /** The one around {@code response}, which can do all that {@code response} can. */
    static TerminableServerResponse around(ServerHttpResponse response, OpenStreams streams, StreamPolicy policy) {
        return (response instanceof ZeroCopyHttpOutputMessage file)
                ? new TerminableZeroCopyResponse(response, file, streams, policy)
                : new TerminableServerResponse(response, streams, policy);
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        if (body instanceof Mono || !mayEnd()) {
            return super.writeWith(body);
        }
        TerminableFlux<DataBuffer> terminable = new TerminableFlux<>(body);
        return registered(new BodyStream<>(terminable, Function.identity()), super.writeWith(terminable.flux()));
    }

    /** The way of what is flushed after each element, as server-sent events are. */
    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        if (!mayEnd()) {
            return super.writeAndFlushWith(body);
        }
        Sinks.One<Publisher<? extends DataBuffer>> head = Sinks.one();
        // An element without a byte makes the server send the head; one element is asked for in advance.
        Flux<Publisher<? extends DataBuffer>> withHead =
                Flux.merge(1, Flux.from(body).doOnTerminate(head::tryEmitEmpty), head.asMono());
        TerminableFlux<Publisher<? extends DataBuffer>> terminable = new TerminableFlux<>(withHead);
        DrainableStream stream = new BodyStream<>(terminable, Mono::just) {

            @Override
            public void commit() {
                head.tryEmitValue(Flux.empty());
            }
        };
        return registered(stream, super.writeAndFlushWith(terminable.flux()));
    }

    private boolean mayEnd() {
        return this.policy.mayEnd(getHeaders().getContentType(), getHeaders().getContentLength() >= 0);
    }

    private Mono<Void> registered(DrainableStream stream, Mono<Void> writing) {
        return Mono.using(() -> this.streams.open(stream), (registration) -> writing, OpenStreams.Registration::close);
    }

    /** A body that is being written. */
    private class BodyStream<T> implements DrainableStream {

        private final TerminableFlux<T> body;

        private final Function<DataBuffer, T> element;

        BodyStream(TerminableFlux<T> body, Function<DataBuffer, T> element) {
            this.body = body;
            this.element = element;
        }

        @Override
        public void end() {
            byte[] lastWords =
                    TerminableServerResponse.this.policy.lastWords(getHeaders().getContentType());
            if (lastWords.length == 0) {
                this.body.end();
            } else {
                this.body.end(this.element.apply(bufferFactory().wrap(lastWords)));
            }
        }
    }
}
