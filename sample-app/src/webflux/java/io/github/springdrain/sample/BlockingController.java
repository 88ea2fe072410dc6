// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Requests that hold a thread until they have their responses: one beside the event loop, or the event loop itself. */
@RestController
class BlockingController {

    private final Scheduler besideEventLoop;

    BlockingController(Scheduler besideEventLoop) {
        this.besideEventLoop = besideEventLoop;
    }

    @GetMapping(path = "/hello", produces = MediaType.TEXT_PLAIN_VALUE)
    String hello() {
        return "hello";
    }

    @GetMapping(path = "/slow", produces = MediaType.TEXT_PLAIN_VALUE)
    Mono<String> slow(@RequestParam long ms) {
        return Mono.fromCallable(() -> {
                    pause(ms);
                    return "slow " + ms;
                })
                .subscribeOn(this.besideEventLoop);
    }

    /** What no reactive application may do, and some do. */
    @GetMapping(path = "/block", produces = MediaType.TEXT_PLAIN_VALUE)
    String block(@RequestParam long ms) {
        pause(ms);
        return "block " + ms;
    }

    /**
     * Writes {@code chunk 1} at once and each further chunk {@code ms} milliseconds after the one before. A download,
     * which must not be ended as if it were whole; text may be open-ended.
     */
    @GetMapping("/stream")
    Mono<Void> stream(@RequestParam int chunks, @RequestParam long ms, ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.APPLICATION_OCTET_STREAM);
        var numbers = Flux.range(1, chunks)
                .concatMap(i -> Mono.delay(Duration.ofMillis(i > 1 ? ms : 0)).thenReturn(i), 1);
        return response.writeAndFlushWith(
                numbers.map(i -> Mono.just(response.bufferFactory().wrap(("chunk " + i + "\n").getBytes(US_ASCII)))));
    }

    static void pause(long ms) {
        try {
            Thread.sleep(Math.max(0, ms));
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "Interrupted", ex);
        }
    }
}
