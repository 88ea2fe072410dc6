// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One client's endless stream of {@code tick} events. */
final class TickStream {

    private static final long NO_TIMEOUT = 0;

    private final SseEmitter emitter = new SseEmitter(NO_TIMEOUT);

    private volatile boolean ended;

    private volatile boolean broken;

    private TickStream() {
        this.emitter.onCompletion(() -> this.ended = true);
    }

    static SseEmitter start(ScheduledExecutorService timer, long periodMs) {
        var stream = new TickStream();
        // It ends by what tick throws: a handle would be there only after the first ticks.
        Future<?> unused = timer.scheduleAtFixedRate(stream::tick, 0, periodMs, TimeUnit.MILLISECONDS);
        return stream.emitter;
    }

    private void tick() {
        if (this.ended) {
            throw new CancellationException("The stream has ended");
        }
        if (this.broken) {
            // Tomcat ends the request of a client that has gone by itself; Jetty would keep it without a bound.
            this.ended = true;
            this.emitter.complete();
        } else {
            send();
        }
    }

    private void send() {
        try {
            this.emitter.send(SseEmitter.event().name("tick").data("tick"));
        } catch (IOException ex) {
            this.broken = true;
        } catch (IllegalStateException ex) {
            // Another thread, such as the drain's, has completed it.
            this.ended = true;
        }
    }
}
