// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.cloud;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This application as one registry knows it. Calls go to the registry one after the other on a daemon thread, and nobody
 * waits for them: a registry that hangs or fails must not hold up a drain. Thread-safe.
 */
final class RegisteredInstance {

    private static final Logger logger = LoggerFactory.getLogger(RegisteredInstance.class);

    private final String registry;

    private final Registrar registrar;

    private final ThreadPoolExecutor calls;

    private volatile State state = State.REGISTERED;

    /**
     * Creates an instance that is registered.
     *
     * @param registry what logs and threads call the registry
     */
    RegisteredInstance(String registry, Registrar registrar) {
        this.registry = registry;
        this.registrar = registrar;
        this.calls = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
        this.calls.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "drain-registry " + this.registry);
        thread.setDaemon(true);
        return thread;
    }

    /** Deregisters; does not wait. */
    void deregister() {
        this.state = State.DEREGISTERING;
        this.calls.execute(() -> {
            try {
                this.registrar.deregister();
                this.state = State.DEREGISTERED;
                logger.info("Deregistered from {}; requests are still served", this.registry);
            } catch (Exception | LinkageError ex) {
                this.state = State.REGISTERED;
                logger.warn(
                        "Could not deregister from {}; the drain goes on, and Spring Cloud tries again when the application stops",
                        this.registry,
                        ex);
            }
        });
    }

    /** Registers again what was deregistered; does not wait. */
    void register() {
        this.calls.execute(() -> {
            if (this.state != State.DEREGISTERED) {
                return;
            }
            try {
                this.registrar.register();
                this.state = State.REGISTERED;
                logger.info("Registered again with {}", this.registry);
            } catch (Exception | LinkageError ex) {
                logger.warn("Could not register again with {}; nothing tries once more", this.registry, ex);
            }
        });
    }

    /** Has Spring Cloud's own end of the registration leave out what has happened already. */
    void stop() {
        if (this.state == State.DEREGISTERED) {
            this.registrar.stop();
        }
    }

    boolean isDeregistering() {
        return this.state == State.DEREGISTERING;
    }

    String registry() {
        return this.registry;
    }

    private enum State {
        REGISTERED,
        DEREGISTERING,
        DEREGISTERED
    }
}
