// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Requests that hold their handler thread until they have their responses. */
@RestController
class BlockingController {

    @GetMapping(path = "/hello", produces = MediaType.TEXT_PLAIN_VALUE)
    String hello() {
        return "hello";
    }

    @GetMapping(path = "/slow", produces = MediaType.TEXT_PLAIN_VALUE)
    String slow(@RequestParam long ms) {
        pause(ms);
        return "slow " + ms;
    }

    /** Writes {@code chunk 1} at once and each further chunk {@code ms} milliseconds after the one before. */
    @GetMapping("/stream")
    void stream(@RequestParam int chunks, @RequestParam long ms, HttpServletResponse response) throws IOException {
        response.setContentType(MediaType.TEXT_PLAIN_VALUE);
        var out = response.getOutputStream();
        for (int i = 1; i <= chunks; i++) {
            if (i > 1) {
                pause(ms);
            }
            out.write(("chunk " + i + "\n").getBytes(US_ASCII));
            out.flush();
        }
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
