package io.github.springdrain.server.netty;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.IdleLimits;
import java.util.function.BiConsumer;

/** Closes the connections that have no request, each kind after its own limit and on its own event loop. */
final class IdleSweep {

    private IdleSweep() {}

    /** What is due on one connection, on its event loop. */
    static BiConsumer<OpenConnection, ConnectionState> by(IdleLimits limits, Http2Streams streams) {
        return (connection, state) -> connection.sweep(state, streams, limits, System.nanoTime());
    }
}
