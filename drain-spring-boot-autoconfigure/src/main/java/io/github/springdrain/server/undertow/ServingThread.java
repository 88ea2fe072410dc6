// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The thread that serves one request right now: Undertow does not remember to whom it has given a request. An interrupt
 * reaches it while it is at work on this request, or not at all. No thread waits for another, but for the moment that an
 * interrupt takes.
 */
final class ServingThread {

    private static final AttachmentKey<ServingThread> KEY = AttachmentKey.create(ServingThread.class);

    /** In place of the thread while it is being interrupted. */
    private static final Object INTERRUPTING = new Object();

    private final AtomicReference<@Nullable Object> current = new AtomicReference<>();

    private volatile @Nullable Thread interrupted;

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
        return (known != null && known.current.get() instanceof Thread thread) ? thread : null;
    }

    /** Whether a thread has served the request, and none does any more. */
    static boolean hasLeft(HttpServerExchange exchange) {
        ServingThread known = exchange.getAttachment(KEY);
        return known != null && known.current.get() == null;
    }

    /** Runs what serves the request, or a part of it. */
    static void serve(HttpServerExchange exchange, Runnable service) {
        Thread thread = Thread.currentThread();
        ServingThread serving = of(exchange);
        serving.enter(thread);
        try {
            service.run();
        } finally {
            serving.leave(thread);
        }
    }

    /** Interrupts the thread at work: the end of an executor of virtual threads does not. */
    static void interrupt(HttpServerExchange exchange) {
        ServingThread known = exchange.getAttachment(KEY);
        if (known != null) {
            known.interrupt();
        }
    }

    void interrupt() {
        if (this.current.get() instanceof Thread thread && this.current.compareAndSet(thread, INTERRUPTING)) {
            this.interrupted = thread;
            thread.interrupt();
            this.current.set(thread);
        }
    }

    void enter(Thread thread) {
        Object seen;
        do {
            seen = settled();
        } while (!this.current.compareAndSet(seen, thread));
    }

    /** Asynchronous requests may have gone on to another thread by now. */
    void leave(Thread thread) {
        boolean left = false;
        // Again where an interrupt came in between: one that begins after this must not find the thread here.
        while (!left && settled() == thread) {
            left = this.current.compareAndSet(thread, null);
        }
        if (this.interrupted == thread) {
            this.interrupted = null;
            // Was meant for this request; the thread's next must not find it.
            Thread.interrupted();
        }
    }

    private @Nullable Object settled() {
        Object seen = this.current.get();
        while (seen == INTERRUPTING) {
            Thread.onSpinWait();
            seen = this.current.get();
        }
        return seen;
    }
}
