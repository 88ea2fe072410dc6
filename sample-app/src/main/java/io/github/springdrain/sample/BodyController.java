// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.sample;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Requests with a body that is read whole or not at all. They use the raw request: a bound parameter of a POST makes
 * the container read a form body to look for it.
 */
@RestController
class BodyController {

    private static final long REVEAL_DEFAULT_BYTES = 600_000;

    private static final int BUFFER_BYTES = 16 * 1024;

    @PostMapping("/upload")
    void upload(HttpServletRequest request, HttpServletResponse response) throws IOException {
        respond(response, HttpServletResponse.SC_OK, Long.toString(count(request.getInputStream())));
    }

    @PostMapping("/reject")
    void reject(HttpServletResponse response) throws IOException {
        respond(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "rejected");
    }

    @PostMapping("/reveal")
    void reveal(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long bytes = revealedBytes(request);
        response.setContentType(MediaType.TEXT_PLAIN_VALUE);
        response.setContentLengthLong(bytes);
        var block = new byte[BUFFER_BYTES];
        Arrays.fill(block, (byte) 'x');
        var out = response.getOutputStream();
        for (long left = bytes; left > 0; left -= block.length) {
            out.write(block, 0, (int) Math.min(left, block.length));
        }
    }

    private static long revealedBytes(HttpServletRequest request) {
        var query = UriComponentsBuilder.newInstance().query(request.getQueryString());
        var bytes = query.build().getQueryParams().getFirst("bytes");
        return bytes == null ? REVEAL_DEFAULT_BYTES : Long.parseLong(bytes);
    }

    private static long count(InputStream body) throws IOException {
        var buffer = new byte[BUFFER_BYTES];
        long total = 0;
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            total += n;
        }
        return total;
    }

    private static void respond(HttpServletResponse response, int status, String text) throws IOException {
        response.setStatus(status);
        response.setContentType(MediaType.TEXT_PLAIN_VALUE);
        response.setContentLength(text.length());
        response.getOutputStream().write(text.getBytes(US_ASCII));
    }
}
