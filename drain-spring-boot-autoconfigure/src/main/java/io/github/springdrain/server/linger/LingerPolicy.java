// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether and by whom connections with unread input are closed lingeringly, and whether a drain closes idle ones.
 * Thread-safe; shared by every channel of a server.
 */
public final class LingerPolicy {

    /** Closes as the container does. */
    public static final LingerPolicy OFF = new LingerPolicy(LingeringCloser.OFF);

    private final LingeringCloser closer;

    private final AtomicInteger expecting = new AtomicInteger();

    private volatile boolean closingIdle;

    /** Creates the policy of one server. */
    public LingerPolicy(LingeringCloser closer) {
        this.closer = closer;
    }

    /** Takes over connections with unread input; {@link LingeringCloser#OFF} where they are closed plainly. */
    public LingeringCloser closer() {
        return this.closer;
    }

    /** How many connections the drain waits for: those that linger, and those that are about to. */
    public int awaited() {
        // In this order: a connection is counted by the closer before it is no longer expected.
        int ending = this.expecting.get();
        return ending + this.closer.awaited();
    }

    void expectInput() {
        this.expecting.incrementAndGet();
    }

    void settleInput() {
        this.expecting.decrementAndGet();
    }

    /** While idle connections are being closed, a request may cross the FIN and must not be reset. */
    public boolean isClosingIdle() {
        return this.closingIdle;
    }

    /** Set while a drain closes idle connections. */
    public void setClosingIdle(boolean value) {
        this.closingIdle = value;
    }
}
