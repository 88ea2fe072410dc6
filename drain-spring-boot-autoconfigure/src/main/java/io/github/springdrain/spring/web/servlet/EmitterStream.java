// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import io.github.springdrain.DrainableStream;
import io.github.springdrain.spring.StreamPolicy;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What an emitter sends. The emitter's own lock keeps the messages of the application whole. */
final class EmitterStream implements DrainableStream {

    private final ResponseBodyEmitter emitter;

    private final HttpServletResponse response;

    private final StreamPolicy policy;

    EmitterStream(ResponseBodyEmitter emitter, HttpServletResponse response, StreamPolicy policy) {
        this.emitter = emitter;
        this.response = response;
        this.policy = policy;
    }

    @Override
    public void commit() throws IOException {
        if (this.response.isCommitted()) {
            return;
        }
        if (this.emitter instanceof SseEmitter events) {
            events.send(SseEmitter.event().comment(""));
        } else {
            this.emitter.send("", MediaType.TEXT_PLAIN);
        }
    }

    @Override
    public void end() throws IOException {
        if (!ResponseHead.mayEnd(this.response, this.policy)) {
            return;
        }
        Duration retry = this.policy.retry();
        if (retry != null && this.emitter instanceof SseEmitter events) {
            events.send(SseEmitter.event().reconnectTime(retry.toMillis()));
        }
        this.emitter.complete();
    }
}
