package io.github.springdrain.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The thread that serves one request right now: Undertow does not remember to whom it has given a request. */
final class ServingThread {

    private static final AttachmentKey<ServingThread> KEY = AttachmentKey.create(ServingThread.class);

    private final AtomicReference<@Nullable Thread> current = new AtomicReference<>();

    /** Finds the place of a request, or makes it, on the thread that serves it first. */
    static ServingThread of(HttpServerExchange exchange) {
        ServingThread known = exchange.getAttachment(KEY);
        if (known != null) {
            return known;
        }
        ServingThread fresh = new ServingThread();
        exchange.putAttachment(KEY, fresh);
        return fresh;
    }

    /** The thread at work on the request; {@code null} where none is, or none was noted. */
    static @Nullable Thread at(HttpServerExchange exchange) {
        ServingThread known = exchange.getAttachment(KEY);
        return (known != null) ? known.current.get() : null;
    }

    /** Interrupts the thread at work: the end of an executor of virtual threads does not. */
    static void interrupt(HttpServerExchange exchange) {
        Thread thread = at(exchange);
        if (thread != null) {
            thread.interrupt();
        }
    }

    void enter(Thread thread) {
        this.current.lazySet(thread);
    }

    /** Asynchronous requests may have gone on to another thread by now. */
    void leave(Thread thread) {
        this.current.compareAndSet(thread, null);
    }
}
