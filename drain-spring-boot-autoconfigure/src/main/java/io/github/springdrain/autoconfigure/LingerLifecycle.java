// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.spring.ShutdownPhase;
import org.springframework.context.SmartLifecycle;

/**
 * Ends what still lingers once the server has stopped: a context that is stopped holds nothing open, as a checkpoint of
 * the process requires.
 */
final class LingerLifecycle implements SmartLifecycle {

    private final LingeringCloser closer;

    private volatile boolean running;

    LingerLifecycle(LingeringCloser closer) {
        this.closer = closer;
    }

    @Override
    public void start() {
        this.closer.renew();
        this.running = true;
    }

    @Override
    public void stop() {
        this.running = false;
        this.closer.close();
    }

    @Override
    public boolean isRunning() {
        return this.running;
    }

    @Override
    public int getPhase() {
        return ShutdownPhase.LINGERING_CONNECTIONS.value();
    }

    /** Spring 7 asks this before it pauses a context; declared without {@code @Override} because Spring 6 does not. */
    public boolean isPauseable() {
        return false;
    }
}
