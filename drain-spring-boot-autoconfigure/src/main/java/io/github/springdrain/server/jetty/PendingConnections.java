// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.util.IO;

/**
 * The connections that were accepted and have no endpoint yet: Jetty hands them from the acceptor to a selector and
 * from there to another thread, and lists them nowhere on their way. Hears from Jetty of those that fail on it, which are
 * all that a limit refuses; Jetty reports the others before the connector lists their endpoints, and cannot be
 * used. Thread-safe.
 */
final class PendingConnections implements SelectorManager.AcceptListener {

    private final Set<SelectableChannel> channels = ConcurrentHashMap.newKeySet();

    private final LongAdder accepted = new LongAdder();

    void enter(SelectableChannel channel) {
        this.channels.add(channel);
        this.accepted.increment();
    }

    void leave(Object channel) {
        this.channels.remove(channel);
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        leave(channel);
    }

    /** Those on their way now. */
    List<SelectableChannel> channels() {
        return List.copyOf(this.channels);
    }

    boolean isEmpty() {
        return this.channels.isEmpty();
    }

    /** Closes those that can no longer arrive, because selectors have ended: Jetty drops them without closing them. */
    void close() {
        this.channels.forEach(IO::close);
        this.channels.clear();
    }

    /** How many connections have come in so far. */
    long accepted() {
        return this.accepted.sum();
    }
}
