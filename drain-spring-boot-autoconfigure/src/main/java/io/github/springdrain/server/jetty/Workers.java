// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.AutoLock;
import org.jspecify.annotations.Nullable;

/** The threads that serve requests: Jetty offers no way from a request to its thread but the text that it prints. */
final class Workers {

    private Workers() {}

    /** The thread that serves the channel's request; {@code null} where none does, or none is known. */
    static @Nullable Thread at(HttpChannel channel) {
        return Internals.worker(channel);
    }

    /** Whether a thread has served the channel's request, and none does any more. */
    static boolean isSuspended(HttpChannel channel) {
        return Internals.isHandled(channel) && at(channel) == null;
    }

    /**
     * Interrupts what is blocked, while the application is whole and can deal with it. Jetty lets a thread go under the
     * same lock, so that it serves nobody else yet when it is hit.
     */
    @SuppressWarnings("try") // The lock is held, not used.
    static void interrupt(HttpChannel channel, Request request) {
        AutoLock lock = Internals.workerLock(channel);
        if (lock == null) {
            return;
        }
        try (AutoLock ignored = lock.lock()) {
            Thread thread = at(channel);
            if (thread != null && channel.getRequest() == request) {
                thread.interrupt();
            }
        }
    }
}
