// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.web.servlet;

import io.github.springdrain.DrainableStream;
import io.github.springdrain.OpenStreams;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;

/** Registers an asynchronous response as a stream until it has come to its end. */
final class StreamListener implements AsyncListener {

    private final OpenStreams.Registration registration;

    private final Runnable onEnd;

    private StreamListener(OpenStreams.Registration registration, Runnable onEnd) {
        this.registration = registration;
        this.onEnd = onEnd;
    }

    /** Called by the thread that serves the request, before it returns to the container. */
    static void register(HttpServletRequest request, OpenStreams streams, DrainableStream stream, Runnable onEnd) {
        OpenStreams.Registration registration = streams.open(stream);
        try {
            AsyncContext context = request.getAsyncContext();
            context.addListener(new StreamListener(registration, onEnd));
        } catch (IllegalStateException ex) {
            // It has ended by itself in this very moment.
            registration.close();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // A listener is not handed on to what is started anew.
        onComplete(event);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // Followed by completion.
    }

    @Override
    public void onError(AsyncEvent event) {
        // Followed by completion.
    }

    @Override
    public void onComplete(AsyncEvent event) {
        this.registration.close();
        this.onEnd.run();
    }
}
