// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.messaging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;

/** Stops something on a thread of its own, because a stop may block and must hold up no other one. */
final class ThreadedLifecycle implements SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(ThreadedLifecycle.class);

    private final String name;

    private final Lifecycle target;

    ThreadedLifecycle(String name, Lifecycle target) {
        this.name = name;
        this.target = target;
    }

    /** What is stopped. */
    Lifecycle target() {
        return this.target;
    }

    @Override
    public void start() {
        this.target.start();
    }

    @Override
    public void stop() {
        this.target.stop();
    }

    @Override
    public void stop(Runnable callback) {
        Thread thread = new Thread(() -> stopNow(callback), "drain-stop " + this.name);
        thread.setDaemon(true);
        thread.start();
    }

    private void stopNow(Runnable callback) {
        try {
            if (this.target instanceof SmartLifecycle smart) {
                smart.stop(callback);
            } else {
                this.target.stop();
                callback.run();
            }
        } catch (RuntimeException | LinkageError ex) {
            logger.warn("Bean '{}' cannot be stopped; the drain does not wait for it", this.name, ex);
            callback.run();
        }
    }

    @Override
    public boolean isRunning() {
        return this.target.isRunning();
    }

    @Override
    public String toString() {
        return this.name;
    }
}
