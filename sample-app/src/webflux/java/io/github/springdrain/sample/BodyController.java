// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Requests with a body that is read whole or not at all. */
@RestController
class BodyController {

    private static final int BLOCK_BYTES = 16 * 1024;

    @PostMapping("/upload")
    Mono<Void> upload(ServerHttpRequest request, ServerHttpResponse response) {
        return request.getBody()
                .map(BodyController::countAndRelease)
                .reduce(0L, Long::sum)
                .flatMap(bytes -> respond(response, HttpStatus.OK, Long.toString(bytes)));
    }

    @PostMapping("/reject")
    Mono<Void> reject(ServerHttpResponse response) {
        return respond(response, HttpStatusCode.valueOf(413), "rejected");
    }

    @PostMapping("/reveal")
    Mono<Void> reveal(@RequestParam(defaultValue = "600000") long bytes, ServerHttpResponse response) {
        response.getHeaders().setContentType(MediaType.TEXT_PLAIN);
        response.getHeaders().setContentLength(bytes);
        return response.writeWith(Flux.generate(() -> bytes, (left, blocks) -> {
            if (left <= 0) {
                blocks.complete();
            } else {
                blocks.next(block(response, (int) Math.min(left, BLOCK_BYTES)));
            }
            return left - BLOCK_BYTES;
        }));
    }

    private static DataBuffer block(ServerHttpResponse response, int bytes) {
        var block = new byte[bytes];
        Arrays.fill(block, (byte) 'x');
        return response.bufferFactory().wrap(block);
    }

    private static long countAndRelease(DataBuffer buffer) {
        long bytes = buffer.readableByteCount();
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private static Mono<Void> respond(ServerHttpResponse response, HttpStatusCode status, String text) {
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.TEXT_PLAIN);
        response.getHeaders().setContentLength(text.length());
        return response.writeWith(Mono.just(response.bufferFactory().wrap(text.getBytes(US_ASCII))));
    }
}
