// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import io.github.springdrain.OpenStreams;
import io.github.springdrain.spring.StreamPolicy;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.function.AsyncServerResponse;
import org.springframework.web.servlet.function.EntityResponse;
import org.springframework.web.servlet.function.RenderingResponse;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitterReturnValueHandler;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBodyReturnValueHandler;

/**
 * Lets the drain terminate the open-ended streams of Spring MVC: emitters, streaming bodies, reactive sequences and
 * functional endpoints. Costs one registration for each of them, and nothing for any other response of a controller.
 */
public final class StreamsWiring implements SmartInitializingSingleton {

    private final OpenStreams streams;

    private final StreamPolicy policy;

    private final ObjectProvider<RequestMappingHandlerAdapter> adapters;

    private final ObjectProvider<RouterFunctionMapping> mappings;

    /** Creates the wiring of one context. */
    public StreamsWiring(
            OpenStreams streams,
            StreamPolicy policy,
            ObjectProvider<RequestMappingHandlerAdapter> adapters,
            ObjectProvider<RouterFunctionMapping> mappings) {
        this.streams = streams;
        this.policy = policy;
        this.adapters = adapters;
        this.mappings = mappings;
    }

    @Override
    public void afterSingletonsInstantiated() {
        this.adapters.orderedStream().forEach(this::decorate);
        this.mappings.orderedStream().forEach(this::decorate);
    }

    private void decorate(RequestMappingHandlerAdapter adapter) {
        List<HandlerMethodReturnValueHandler> handlers = adapter.getReturnValueHandlers();
        if (handlers != null) {
            adapter.setReturnValueHandlers(
                    handlers.stream().map(this::decorated).toList());
        }
    }

    private HandlerMethodReturnValueHandler decorated(HandlerMethodReturnValueHandler handler) {
        boolean streaming = handler instanceof ResponseBodyEmitterReturnValueHandler
                || handler instanceof StreamingResponseBodyReturnValueHandler;
        return streaming ? new StreamingReturnValueHandler(handler, this.streams, this.policy) : handler;
    }

    private void decorate(RouterFunctionMapping mapping) {
        RouterFunction<?> routes = mapping.getRouterFunction();
        if (routes != null) {
            mapping.setRouterFunction(filtered(routes));
        }
    }

    private <T extends ServerResponse> RouterFunction<ServerResponse> filtered(RouterFunction<T> routes) {
        return routes.filter(
                (ServerRequest request, org.springframework.web.servlet.function.HandlerFunction<T> next) ->
                        decorated(next.handle(request)));
    }

    private ServerResponse decorated(ServerResponse response) {
        boolean ordinary = response instanceof EntityResponse
                || response instanceof RenderingResponse
                || response instanceof AsyncServerResponse;
        return ordinary ? response : new StreamingServerResponse(response, this.streams, this.policy);
    }
}
