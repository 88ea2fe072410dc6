// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.servlet.spec.HttpServletRequestImpl;

/** What is asked of servlet requests; a reactive application may have no servlets on its class path. */
final class ServletRequests {

    private static final boolean PRESENT = isPresent();

    private ServletRequests() {}

    private static boolean isPresent() {
        try {
            return ServletRequestContext.ATTACHMENT_KEY != null;
        } catch (LinkageError ex) {
            return false;
        }
    }

    /**
     * Whether an asynchronous request has been completed, or passed on, by the application. Undertow drains its body
     * then without any other sign.
     */
    static boolean isAsyncOver(HttpServerExchange exchange) {
        return PRESENT && Known.isAsyncOver(exchange);
    }

    /** Loaded only where its types are there. */
    private static final class Known {

        static boolean isAsyncOver(HttpServerExchange exchange) {
            ServletRequestContext context = exchange.getAttachment(ServletRequestContext.ATTACHMENT_KEY);
            if (context == null) {
                return false;
            }
            HttpServletRequestImpl request = context.getOriginalRequest();
            return request.getAsyncContextInternal() != null && !request.isAsyncStarted();
        }
    }
}
