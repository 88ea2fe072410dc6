// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

/**
 * How an HTTP/2 client behaves. Immutable.
 *
 * @param acknowledging whether it acknowledges SETTINGS and PING
 * @param window bytes of a body that it takes on each stream
 * @param reading whether it reads at all
 */
public record Http2Behavior(boolean acknowledging, int window, boolean reading) {

    /** As RFC 9113 wants it. */
    public static final Http2Behavior GOOD = new Http2Behavior(true, 1 << 20, true);

    /** Never acknowledges SETTINGS or PING. */
    public static final Http2Behavior MUTE = new Http2Behavior(false, 1 << 20, true);

    /** Takes heads and no byte of a body. */
    public static final Http2Behavior NO_WINDOW = new Http2Behavior(true, 0, true);

    /** Reads nothing, so that what is sent to it stays with the kernel and then with the server. */
    public static final Http2Behavior DEAF = new Http2Behavior(false, 1 << 20, false);
}
