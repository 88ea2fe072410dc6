// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import io.github.springdrain.spring.StreamPolicy;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** What the head of a response says about its body. */
final class ResponseHead {

    private ResponseHead() {}

    static @Nullable MediaType type(HttpServletResponse response) {
        String type = response.getContentType();
        return (type != null) ? MediaType.parseMediaType(type) : null;
    }

    static boolean mayEnd(HttpServletResponse response, StreamPolicy policy) {
        return policy.mayEnd(type(response), response.containsHeader(HttpHeaders.CONTENT_LENGTH));
    }
}
