package io.github.springdrain.server.netty;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.IdleLimits;
import java.time.Duration;
import java.util.function.BiConsumer;

/** Closes the connections that have no request, each kind after its own limit and on its own event loop. */
final class IdleSweep {

    private IdleSweep() {}

    /** What is due on one connection, on its event loop. */
    static BiConsumer<OpenConnection, ConnectionState> by(IdleLimits limits, Http2Streams streams) {
        return (connection, state) -> connection.sweep(state, streams, limits, System.nanoTime());
    }

    /** Whether a connection has been for too long in a state without a request. */
    static boolean isOver(ConnectionState state, long unchangedNanos, IdleLimits limits) {
        return switch (state) {
            case NEW -> isReached(limits.firstRequestGrace(), unchangedNanos);
            case IDLE -> isReached(limits.idleGrace(), unchangedNanos);
            case HANDSHAKE, READING_HEAD -> isReached(limits.stallTimeout(), unchangedNanos);
            case ACCEPTED, IN_SERVICE, RESPONDING, UPGRADED, CLOSING -> false;
        };
    }

    private static boolean isReached(Duration limit, long unchangedNanos) {
        return unchangedNanos >= limit.toNanos();
    }
}
