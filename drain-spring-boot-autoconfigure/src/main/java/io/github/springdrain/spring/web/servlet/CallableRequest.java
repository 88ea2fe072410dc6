// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import io.github.springdrain.spring.RequestOfThread;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.context.request.async.WebAsyncManager;

/**
 * The request whose {@code Callable}, {@code WebAsyncTask} or streaming body the calling thread runs. Spring MVC binds the
 * request to the thread for that time. So may a task decorator of the application, for tasks that the request does not wait
 * for: therefore the frames of the thread have to tell as well.
 */
public final class CallableRequest implements RequestOfThread {

    private static final String CALLER = WebAsyncManager.class.getName();

    @Override
    public @Nullable String remote() {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                && isInCallable()) {
            ServletRequest request = unwrapped(attributes.getRequest());
            return address(request.getRemoteAddr()) + ":" + request.getRemotePort();
        }
        return null;
    }

    private static boolean isInCallable() {
        return StackWalker.getInstance()
                .walk((frames) ->
                        frames.anyMatch((frame) -> frame.getClassName().equals(CALLER)));
    }

    /** What wraps the request may name the client of a proxy. */
    private static ServletRequest unwrapped(ServletRequest request) {
        ServletRequest innermost = request;
        while (innermost instanceof ServletRequestWrapper wrapper) {
            innermost = wrapper.getRequest();
        }
        return innermost;
    }

    /** Jetty writes an address of version 6 in brackets. */
    private static String address(String text) {
        return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    }
}
