// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.api.ThreadSetupHandler;
import org.jspecify.annotations.Nullable;

/**
 * Notes which thread serves which servlet request, so that the report can name it and an abort can interrupt it.
 * Costs each request one small object. Thread-safe.
 */
public final class UndertowServletThreads implements ThreadSetupHandler {

    @Override
    public <T, C> Action<T, C> create(Action<T, C> action) {
        return (exchange, context) -> call(action, exchange, context);
    }

    /** There is no request at the start and the end of an application. */
    private static <T, C> T call(Action<T, C> action, @Nullable HttpServerExchange exchange, C context)
            throws Exception {
        if (exchange == null) {
            return action.call(exchange, context);
        }
        Thread thread = Thread.currentThread();
        ServingThread serving = ServingThread.of(exchange);
        serving.enter(thread);
        try {
            return action.call(exchange, context);
        } finally {
            serving.leave(thread);
        }
    }
}
