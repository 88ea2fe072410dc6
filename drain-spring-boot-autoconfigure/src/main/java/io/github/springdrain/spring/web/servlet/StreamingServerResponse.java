// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import io.github.springdrain.OpenStreams;
import io.github.springdrain.spring.StreamPolicy;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.ServerResponse;

/** A response of a functional endpoint that is registered as a stream where it turns out to be one. */
final class StreamingServerResponse implements ServerResponse {

    private final ServerResponse delegate;

    private final OpenStreams streams;

    private final StreamPolicy policy;

    StreamingServerResponse(ServerResponse delegate, OpenStreams streams, StreamPolicy policy) {
        this.delegate = delegate;
        this.streams = streams;
        this.policy = policy;
    }

    @Override
    public HttpStatusCode statusCode() {
        return this.delegate.statusCode();
    }

    /** Asked for by Spring 6 alone. */
    @Override
    @Deprecated
    @SuppressWarnings("removal")
    public int rawStatusCode() {
        return this.delegate.statusCode().value();
    }

    @Override
    public HttpHeaders headers() {
        return this.delegate.headers();
    }

    @Override
    public MultiValueMap<String, Cookie> cookies() {
        return this.delegate.cookies();
    }

    @Override
    public @Nullable ModelAndView writeTo(HttpServletRequest request, HttpServletResponse response, Context context)
            throws ServletException, IOException {
        TerminableResponse terminable = new TerminableResponse(response);
        ModelAndView view = this.delegate.writeTo(request, terminable, context);
        terminable.register(request, this.streams, this.policy);
        return view;
    }
}
