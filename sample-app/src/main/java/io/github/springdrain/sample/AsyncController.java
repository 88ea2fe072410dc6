// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Requests that give their handler thread back and are completed by the timer. */
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
        var response = this.timer.schedule(() -> result.setResult("async " + ms), ms, TimeUnit.MILLISECONDS);
        result.onCompletion(() -> response.cancel(false));
        return result;
    }

    /** Never ends by itself: only the client or the server's shutdown ends it. */
    @GetMapping("/sse")
    SseEmitter sse(@RequestParam long ms) {
        return TickStream.start(this.timer, ms);
    }
}
