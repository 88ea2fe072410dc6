// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the JVM running once the listener is closed: the only thread by which Spring Boot does so waits for the listener.
 * Thread-safe.
 */
final class JvmKeepAlive {

    private @Nullable Thread thread;

    synchronized void begin() {
        if (this.thread != null) {
            return;
        }
        Thread fresh = new Thread(this::stay, "drain-keep-alive");
        fresh.setDaemon(false);
        this.thread = fresh;
        fresh.start();
    }

    synchronized void end() {
        this.thread = null;
        notifyAll();
    }

    private synchronized void stay() {
        while (this.thread == Thread.currentThread()) {
            try {
                wait();
            } catch (InterruptedException ex) {
                return;
            }
        }
    }
}
