// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import java.time.Duration;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Requests that hold no thread and are completed by a timer. */
@RestController
class AsyncController {

    @GetMapping(path = "/async", produces = MediaType.TEXT_PLAIN_VALUE)
    Mono<String> async(@RequestParam long ms) {
        return Mono.delay(Duration.ofMillis(ms)).thenReturn("async " + ms);
    }

    /** Never ends by itself: only the client or the server's shutdown ends it. */
    @GetMapping(path = "/sse", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<String>> sse(@RequestParam long ms) {
        return Flux.interval(Duration.ZERO, Duration.ofMillis(ms))
                .onBackpressureDrop()
                .map(i -> ServerSentEvent.builder("tick").event("tick").build());
    }
}
