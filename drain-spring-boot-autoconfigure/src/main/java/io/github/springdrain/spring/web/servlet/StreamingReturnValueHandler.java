// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import io.github.springdrain.DrainableStream;
import io.github.springdrain.OpenStreams;
import io.github.springdrain.spring.StreamPolicy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpEntity;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Registers what one of Spring's own handlers of streaming return values begins. */
final class StreamingReturnValueHandler implements HandlerMethodReturnValueHandler {

    private static final boolean REACTOR =
            ClassUtils.isPresent("reactor.core.publisher.Flux", StreamingReturnValueHandler.class.getClassLoader());

    private final HandlerMethodReturnValueHandler delegate;

    private final OpenStreams streams;

    private final StreamPolicy policy;

    StreamingReturnValueHandler(HandlerMethodReturnValueHandler delegate, OpenStreams streams, StreamPolicy policy) {
        this.delegate = delegate;
        this.streams = streams;
        this.policy = policy;
    }

    @Override
    public boolean supportsReturnType(MethodParameter returnType) {
        return this.delegate.supportsReturnType(returnType);
    }

    @Override
    public void handleReturnValue(
            @Nullable Object value, MethodParameter type, ModelAndViewContainer container, NativeWebRequest webRequest)
            throws Exception {
        HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
        HttpServletResponse response = webRequest.getNativeResponse(HttpServletResponse.class);
        Object body = (value instanceof HttpEntity<?> entity) ? entity.getBody() : value;
        if (request == null || response == null || body == null) {
            this.delegate.handleReturnValue(value, type, container, webRequest);
        } else if (body instanceof StreamingResponseBody) {
            TerminableResponse terminable = new TerminableResponse(response);
            this.delegate.handleReturnValue(value, type, container, new ServletWebRequest(request, terminable));
            terminable.register(request, this.streams, this.policy);
        } else if (body instanceof ResponseBodyEmitter emitter) {
            this.delegate.handleReturnValue(value, type, container, webRequest);
            register(request, new EmitterStream(emitter, response, this.policy));
        } else if (REACTOR && FluxStream.isSource(body)) {
            FluxStream stream = FluxStream.of(body, response, this.policy);
            this.delegate.handleReturnValue(stream.in(value), type, container, webRequest);
            register(request, stream);
        } else {
            this.delegate.handleReturnValue(value, type, container, webRequest);
        }
    }

    private void register(HttpServletRequest request, DrainableStream stream) {
        if (request.isAsyncStarted()) {
            StreamListener.register(request, this.streams, stream, () -> {});
        }
    }
}
