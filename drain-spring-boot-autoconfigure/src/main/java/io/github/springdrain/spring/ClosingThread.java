// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.engine.DrainEngine;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * The thread on which the context closes. It may serve a request or run a task, such as a controller that calls
 * {@code context.close()}: that piece of work ends only after the drain, which therefore does not wait for it.
 *
 * <p>The server and the executors interrupt their workers as they stop. A thread that closes the context from within such
 * a worker must not carry that interrupt into the {@code @PreDestroy} methods that it calls.
 */
public final class ClosingThread implements SmartLifecycle {

    private final DrainEngine drain;

    private final Supplier<@Nullable RequestOfThread> requests;

    private volatile boolean worker;

    private volatile boolean interruptedBefore;

    private volatile boolean running;

    /**
     * Creates the one of a context.
     *
     * @param requests gets what knows the request that the thread serves; {@code null} in applications without any
     */
    public ClosingThread(DrainEngine drain, Supplier<@Nullable RequestOfThread> requests) {
        this.drain = drain;
        this.requests = requests;
    }

    /** The calling thread closes the context. */
    void begin() {
        Thread current = Thread.currentThread();
        if (!is(current)) {
            this.interruptedBefore = current.isInterrupted();
            this.drain.closingRequest().closesOn(current, remoteOfRequest());
        }
    }

    /** In doubt there is none, and the drain waits for every request. */
    private @Nullable String remoteOfRequest() {
        try {
            RequestOfThread found = this.requests.get();
            return (found != null) ? found.remote() : null;
        } catch (RuntimeException ex) {
            return null;
        }
    }

    /** Whether the context closes on this thread. */
    public boolean is(Thread thread) {
        return this.drain.closingRequest().thread() == thread;
    }

    /** The thread; {@code null} until the context closes. */
    public @Nullable Thread get() {
        return this.drain.closingRequest().thread();
    }

    /** The thread was found to run a task. */
    public void foundAtWork() {
        this.worker = true;
    }

    @Override
    public void start() {
        this.running = true;
    }

    @Override
    public void stop() {
        this.running = false;
        boolean atWork = this.worker || this.drain.closingRequest().isFound();
        if (atWork && !this.interruptedBefore && is(Thread.currentThread())) {
            Thread.interrupted();
        }
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    @Override
    public int getPhase() {
        return ShutdownPhase.CLOSING_THREAD.value();
    }

    /** Spring 7 asks this before it pauses a context; declared without {@code @Override} because Spring 6 does not. */
    public boolean isPauseable() {
        return false;
    }
}
