package io.github.springdrain.jetty;

import java.nio.channels.SelectableChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The connections that were accepted and have no endpoint yet: Jetty hands them from the acceptor to a selector and
 * from there to another thread, and lists them nowhere on their way. Thread-safe.
 */
final class Limbo {

    private final Set<SelectableChannel> channels = ConcurrentHashMap.newKeySet();

    private final LongAdder accepted = new LongAdder();

    void enter(SelectableChannel channel) {
        this.channels.add(channel);
        this.accepted.increment();
    }

    void leave(Object channel) {
        this.channels.remove(channel);
    }

    /** Those on their way now. One that a connection limit has closed never arrives, so it is dropped here. */
    List<SelectableChannel> channels() {
        this.channels.removeIf((channel) -> !channel.isOpen());
        return List.copyOf(this.channels);
    }

    boolean isEmpty() {
        return channels().isEmpty();
    }

    /** How many connections have come in so far. */
    long accepted() {
        return this.accepted.sum();
    }
}
