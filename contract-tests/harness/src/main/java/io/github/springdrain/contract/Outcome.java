// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

/** How one exchange ended for the client. */
public enum Outcome {

    /** A whole response of any status but 503 arrived. */
    COMPLETE,

    /** A whole response arrived and says 503. */
    UNAVAILABLE_503,

    /** There was no connection: ECONNREFUSED, which is safe to retry. */
    REFUSED,

    /** The connection was reset before the response was whole. */
    RESET,

    /** The connection ended before the first byte of a response. */
    NO_RESPONSE,

    /** The connection ended inside a response. */
    TRUNCATED,

    /** What arrived cannot be read: a TLS record that does not decrypt, a TLS alert, or bytes that are not HTTP. */
    GARBLED,

    /** The response was not whole when the client's patience was over. */
    TIMEOUT;

    /** Whether a connection was there and no whole response came over it. */
    public boolean isLost() {
        return this == RESET || this == NO_RESPONSE || this == TRUNCATED || this == GARBLED || this == TIMEOUT;
    }
}
