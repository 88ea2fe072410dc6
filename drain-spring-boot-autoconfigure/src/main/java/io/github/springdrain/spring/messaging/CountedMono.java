// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A Mono that a listener method returned, counted from its subscription to its end. */
final class CountedMono {

    private CountedMono() {}

    /** Returns the result of a listener method, counted where it is a Mono. */
    static @Nullable Object of(@Nullable Object result, ListenerCalls calls) {
        return (result instanceof Mono<?> mono) ? counted(mono, calls) : result;
    }

    /** Not eager: what hangs on the Mono, the acknowledgement above all, comes first. */
    private static <T> Mono<T> counted(Mono<T> mono, ListenerCalls calls) {
        return Mono.using(
                () -> {
                    calls.beginLate();
                    return calls;
                },
                (counting) -> mono,
                ListenerCalls::end,
                false);
    }
}
