package io.github.springdrain.sample;

import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Requests that give their handler thread back and are answered by the timer. */
@RestController
class AsyncController {

    private static final long NO_TIMEOUT = 0;

    private final ScheduledExecutorService timer;

    AsyncController(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    @GetMapping(path = "/async", produces = MediaType.TEXT_PLAIN_VALUE)
    DeferredResult<String> async(@RequestParam long ms) {
        var result = new DeferredResult<String>(NO_TIMEOUT);
        var answer = this.timer.schedule(() -> result.setResult("async " + ms), ms, TimeUnit.MILLISECONDS);
        result.onCompletion(() -> answer.cancel(false));
        return result;
    }

    /** Never ends by itself: only the client or the server's shutdown ends it. */
    @GetMapping(path = "/sse", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter sse(@RequestParam long ms) {
        var emitter = new SseEmitter(NO_TIMEOUT);
        ScheduledFuture<?> ticks = this.timer.scheduleAtFixedRate(() -> tick(emitter), 0, ms, TimeUnit.MILLISECONDS);
        emitter.onCompletion(() -> ticks.cancel(false));
        emitter.onTimeout(() -> ticks.cancel(false));
        emitter.onError(failure -> ticks.cancel(false));
        return emitter;
    }

    private static void tick(SseEmitter emitter) {
        try {
            emitter.send(SseEmitter.event().name("tick").data("tick"));
        } catch (IOException ex) {
            // Thrown on, it also ends this stream's timer task, whether or not the container reports the error.
            throw new IllegalStateException("The client of /sse has gone", ex);
        }
    }
}
