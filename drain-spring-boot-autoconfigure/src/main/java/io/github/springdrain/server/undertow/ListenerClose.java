package io.github.springdrain.server.undertow;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioIoThread;

/**
 * Closes the listeners of one server side by side: each accepts for the last time and closes right behind that, on the
 * one thread that accepts for all. Nothing here waits without a bound, not even for that thread.
 */
final class ListenerClose {

    private final IoThreads threads;

    private final List<ServerListener> listeners;

    ListenerClose(IoThreads threads, List<ServerListener> listeners) {
        this.threads = threads;
        this.listeners = listeners;
    }

    /** Has them closed; when the bound is over, they are about to be. */
    void run(Duration bound) {
        XnioIoThread thread = this.threads.acceptThread();
        CountDownLatch closed = new CountDownLatch(this.listeners.size());
        if (thread == null) {
            this.listeners.forEach(ServerListener::close);
            return;
        }
        long deadline = System.nanoTime() + bound.toNanos();
        // Some of the time is for the closing itself.
        awaitHandedOn(thread, deadline - bound.toNanos() / 4);
        if (IoThreads.execute(
                thread, () -> this.listeners.forEach((listener) -> closeLast(listener, thread, closed)))) {
            IoThreads.await(closed, millisUntil(deadline));
        } else {
            this.listeners.forEach(ServerListener::close);
        }
    }

    /** A surplus accept finds the queues of the other threads empty and the listener closed, which XNIO logs as error. */
    private void awaitHandedOn(XnioIoThread thread, long deadline) {
        CountDownLatch accepted = new CountDownLatch(1);
        boolean queued = IoThreads.execute(thread, () -> {
            this.listeners.forEach(ServerListener::accept);
            thread.execute(accepted::countDown);
        });
        if (queued
                && IoThreads.await(accepted, millisUntil(deadline))
                && this.threads.awaitTurn(millisUntil(deadline))) {
            this.threads.awaitTurn(millisUntil(deadline));
        }
    }

    private static void closeLast(ServerListener listener, XnioIoThread thread, CountDownLatch closed) {
        listener.accept();
        // Behind the accepts just queued, with no turn of the selector in between.
        thread.execute(() -> {
            listener.close();
            closed.countDown();
        });
    }

    private static long millisUntil(long deadline) {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }
}
