// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** A listener container that was stopped and may be started again, but not before it has stopped. Thread-safe. */
final class StoppedContainer {

    private static final Logger logger = LoggerFactory.getLogger(StoppedContainer.class);

    private final SmartLifecycle container;

    private final ListenerCalls calls;

    private final Preparation preparation;

    private final Runnable beforeStart;

    private Runnable undo = () -> {};

    private boolean over;

    private boolean wanted;

    private volatile boolean delayed;

    /**
     * Creates the entry of a container that runs.
     *
     * @param calls what has to end before the container is stopped
     * @param preparation what the container needs to be stopped
     * @param beforeStart what the container needs to be started again
     */
    StoppedContainer(SmartLifecycle container, ListenerCalls calls, Preparation preparation, Runnable beforeStart) {
        this.container = container;
        this.calls = calls;
        this.preparation = preparation;
        this.beforeStart = beforeStart;
    }

    /** Stops the container, at once or when the last call under way has ended. */
    void stop() {
        this.delayed = true;
        if (this.calls.close(() -> onThread(this::stopSettled, "drain-stop"))) {
            this.delayed = false;
            stopNow();
        }
    }

    private void stopSettled() {
        try {
            this.calls.settle();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        stopNow();
    }

    /** One that refuses counts as stopped. */
    private void stopNow() {
        try {
            prepare();
            this.container.stop(this::stopped);
        } catch (RuntimeException | LinkageError ex) {
            logger.warn("Listener container {} cannot be stopped; the drain does not wait for it", this.container, ex);
            stopped();
        }
    }

    private synchronized void prepare() {
        this.undo = this.preparation.prepare();
    }

    private void stopped() {
        boolean start;
        synchronized (this) {
            undo();
            start = this.wanted && !this.over;
            this.over = true;
        }
        if (start) {
            onThread(this::startNow, "drain-resume");
        }
    }

    private void undo() {
        Runnable change = this.undo;
        this.undo = () -> {};
        try {
            change.run();
        } catch (RuntimeException | LinkageError ex) {
            logger.warn("Listener container {} could not be left as it was", this.container, ex);
        }
    }

    /** Whether the stop waited for calls, and has not ended. */
    boolean isDelayed() {
        return this.delayed && !isOver();
    }

    synchronized boolean isOver() {
        return this.over && this.calls.isNone();
    }

    /** Starts the container now, or as soon as it has stopped. */
    void startAgain() {
        boolean start;
        synchronized (this) {
            this.wanted = true;
            start = this.over;
        }
        if (start) {
            startNow();
        }
    }

    /** The thread that reports the end of a stop, or of a call, may be one the container waits for. */
    private static void onThread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void startNow() {
        this.calls.open();
        try {
            this.beforeStart.run();
            this.container.start();
        } catch (RuntimeException ex) {
            logger.warn("Listener container {} could not be started again", this.container, ex);
        }
    }

    /** Changes a container for its stop. */
    interface Preparation {

        /** Returns what takes the change back once the container has stopped. */
        Runnable prepare();
    }
}
