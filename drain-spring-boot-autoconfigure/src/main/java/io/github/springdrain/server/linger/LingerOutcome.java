// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

/** How one connection that was handed to a {@link LingeringCloser} came to its end. */
public enum LingerOutcome {

    /** The peer closed its side: it has everything that was sent to it, and no reset was sent. */
    PEER_CLOSED,

    /** The connection broke: the peer reset it, or the network gave it up. */
    PEER_RESET,

    /** The peer sent more than {@link LingerLimits#maxBytes()} after the end of the conversation. */
    BYTE_LIMIT,

    /** Nothing moved for {@link LingerLimits#idleTimeout()}. */
    IDLE_TIMEOUT,

    /** The peer was still there after {@link LingerLimits#timeout()}, however busy. */
    TIMEOUT,

    /** Closed plainly: {@link LingerLimits#maxConnections()} lingered already, or no thread or selector was to be had. */
    OVER_CAPACITY,

    /** Closed by {@link LingeringCloser#abort()}, after it, or by a caller that did not own the channel any more. */
    ABORTED
}
