// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/** What one connection is doing, as seen by a scan. */
public enum ConnectionState {

    /** Accepted, and not yet known to the part of the container that reads from it. */
    ACCEPTED(true, true),

    /** No byte of a request or handshake has arrived yet; may still send its first within the grace. */
    NEW(true, true),

    /** In its TLS handshake. */
    HANDSHAKE(true, true),

    /** A part of a request head has arrived. */
    READING_HEAD(true, true),

    /** Has a request whose response is not committed. */
    IN_SERVICE(true, true),

    /** Has a request whose response is committed and not finished: a stream, a download, a long write. */
    RESPONDING(false, true),

    /** Left HTTP/1.1 by an upgrade, as WebSocket does, and was notified of the close or is about to be. */
    UPGRADED(false, true),

    /** Between two requests, and not closed yet. */
    IDLE(false, true),

    /** Every response was sent, and the end too; only the peer's own end is missing. */
    CLOSING(false, false);

    private final boolean awaitingResponse;

    private final boolean unfinished;

    ConnectionState(boolean awaitingResponse, boolean unfinished) {
        this.awaitingResponse = awaitingResponse;
        this.unfinished = unfinished;
    }

    /** Whether a client may be waiting for the first byte of a response. */
    public boolean isAwaitingResponse() {
        return this.awaitingResponse;
    }

    /** Whether the drain waits for this connection, within the limits of its state. */
    public boolean isUnfinished() {
        return this.unfinished;
    }
}
