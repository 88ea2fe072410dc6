// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.netty.channel.Channel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The open connections of a server, from the moment they are accepted. Thread-safe. */
final class Connections {

    private final Set<OpenConnection> open = ConcurrentHashMap.newKeySet();

    /** Accepted, and not yet registered with the event loop that reads from them. */
    private final Set<Channel> pending = ConcurrentHashMap.newKeySet();

    private final LongAdder accepted = new LongAdder();

    /** Requests completed on connections that have gone. */
    private final LongAdder completed = new LongAdder();

    void accepted(Channel channel) {
        this.accepted.increment();
        this.pending.add(channel);
        channel.closeFuture().addListener((future) -> this.pending.remove(channel));
    }

    void opened(OpenConnection connection) {
        this.open.add(connection);
        this.pending.remove(connection.channel());
        connection.channel().closeFuture().addListener((future) -> {
            this.open.remove(connection);
            this.completed.add(connection.completed());
        });
    }

    Set<OpenConnection> open() {
        return this.open;
    }

    Set<Channel> pending() {
        return this.pending;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // They have no handler yet that could be notified.
    void abortPending() {
        this.pending.forEach(Channel::close);
    }

    boolean hasPending() {
        return !this.pending.isEmpty();
    }

    long accepted() {
        return this.accepted.sum();
    }

    /** Requests completed so far. */
    long completed() {
        long sum = this.completed.sum();
        for (OpenConnection connection : this.open) {
            sum += connection.completed();
        }
        return sum;
    }
}
