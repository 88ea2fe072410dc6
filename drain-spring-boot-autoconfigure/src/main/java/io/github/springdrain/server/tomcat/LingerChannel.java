// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

/** A Tomcat channel whose end is ours. */
interface LingerChannel {

    ChannelState state();

    /** Whether a TLS handshake is under way, its first byte having arrived. */
    boolean isHandshaking();

    /**
     * Reads what has arrived of a TLS handshake that has not begun, without consuming it.
     *
     * @return whether a byte has arrived
     */
    boolean peekHandshake();
}
