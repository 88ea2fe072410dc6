// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.reactive;

import io.github.springdrain.OpenStreams;
import io.github.springdrain.spring.StreamPolicy;
import java.nio.file.Path;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/** The one of a server that sends files without a copy; a file has an end of its own and is not registered. */
final class TerminableZeroCopyResponse extends TerminableServerResponse implements ZeroCopyHttpOutputMessage {

    private final ZeroCopyHttpOutputMessage file;

    TerminableZeroCopyResponse(
            ServerHttpResponse delegate, ZeroCopyHttpOutputMessage file, OpenStreams streams, StreamPolicy policy) {
        super(delegate, streams, policy);
        this.file = file;
    }

    @Override
    public Mono<Void> writeWith(Path path, long position, long count) {
        return this.file.writeWith(path, position, count);
    }
}
