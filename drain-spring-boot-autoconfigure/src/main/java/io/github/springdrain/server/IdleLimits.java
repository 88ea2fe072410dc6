// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import io.github.springdrain.ConnectionState;
import java.time.Duration;

/**
 * The limits of connections that have no request in service.
 *
 * @param firstRequestGrace how long a new connection may take to send its first byte
 * @param idleGrace how long a connection has to be idle before it is closed
 * @param stallTimeout how long a handshake, a request head or the peer's response to a close may make no progress
 * @param closeSpread the time over which connections that left HTTP, such as WebSockets, are notified
 */
public record IdleLimits(Duration firstRequestGrace, Duration idleGrace, Duration stallTimeout, Duration closeSpread) {

    /** Limits where every WebSocket is notified at once. */
    public IdleLimits(Duration firstRequestGrace, Duration idleGrace, Duration stallTimeout) {
        this(firstRequestGrace, idleGrace, stallTimeout, Duration.ZERO);
    }

    /**
     * Checks each duration.
     *
     * @throws InvalidSettingException if one is negative
     */
    public IdleLimits {
        InvalidSettingException.requireNotNegative("connections.first-request-grace", firstRequestGrace);
        InvalidSettingException.requireNotNegative("connections.idle-grace", idleGrace);
        InvalidSettingException.requireNotNegative("connections.stall-timeout", stallTimeout);
        InvalidSettingException.requireNotNegative("websocket.close-spread", closeSpread);
    }

    /** The same limits with what is left of the time to notify WebSockets. */
    public IdleLimits within(Duration closeSpreadLeft) {
        return new IdleLimits(this.firstRequestGrace, this.idleGrace, this.stallTimeout, closeSpreadLeft);
    }

    /**
     * Whether a connection has outlived the limit of its state. States in which a response is due, or the close is under
     * way, have none.
     *
     * @param unchangedNanos for how long the connection has been in this state without progress, in nanoseconds
     */
    public boolean isOutlived(ConnectionState state, long unchangedNanos) {
        return switch (state) {
            case NEW -> unchangedNanos >= this.firstRequestGrace.toNanos();
            case IDLE -> unchangedNanos >= this.idleGrace.toNanos();
            case HANDSHAKE, READING_HEAD -> unchangedNanos >= this.stallTimeout.toNanos();
            case ACCEPTED, IN_SERVICE, RESPONDING, UPGRADED, CLOSING -> false;
        };
    }
}
