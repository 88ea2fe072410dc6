package io.github.springdrain.spring.messaging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** A listener container that was told to stop and may be started again, but not before it has stopped. Thread-safe. */
final class StoppedContainer {

    private static final Logger logger = LoggerFactory.getLogger(StoppedContainer.class);

    private final SmartLifecycle container;

    private final Preparation preparation;

    private final Runnable beforeStart;

    private Runnable undo = () -> {};

    private boolean over;

    private boolean wanted;

    /**
     * Creates the entry of a container that runs.
     *
     * @param preparation what the container needs to be stopped
     * @param beforeStart what the container needs to be started again
     */
    StoppedContainer(SmartLifecycle container, Preparation preparation, Runnable beforeStart) {
        this.container = container;
        this.preparation = preparation;
        this.beforeStart = beforeStart;
    }

    /** Tells the container to stop; one that refuses counts as stopped. */
    void stop() {
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
            start();
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

    synchronized boolean isOver() {
        return this.over;
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

    /** The thread that reports the end of a stop may be one the container waits for. */
    private void start() {
        Thread thread = new Thread(this::startNow, "drain-resume");
        thread.setDaemon(true);
        thread.start();
    }

    private void startNow() {
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
