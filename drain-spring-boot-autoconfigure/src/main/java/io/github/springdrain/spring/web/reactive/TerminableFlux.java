// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.reactive;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A sequence that can be ended from outside as if it had come to its end by itself, between two elements. Thread-safe.
 *
 * @param <T> what it is a sequence of
 */
public final class TerminableFlux<T> {

    private final Sinks.One<T> end = Sinks.one();

    private final Flux<T> flux;

    private volatile boolean ended;

    /** Wraps {@code source}. */
    public TerminableFlux(Publisher<? extends T> source) {
        Mono<T> last = this.end.asMono();
        this.flux = Flux.<T>from(source)
                .takeUntilOther(last.hasElement())
                .concatWith(Mono.defer(() -> this.ended ? last : Mono.empty()));
    }

    /** The sequence to go on with. */
    public Flux<T> flux() {
        return this.flux;
    }

    /** Ends the sequence. */
    public void end() {
        this.ended = true;
        this.end.tryEmitEmpty();
    }

    /** Ends the sequence with one more element. */
    public void end(T last) {
        this.ended = true;
        this.end.tryEmitValue(last);
    }
}
