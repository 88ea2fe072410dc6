package io.github.springdrain.contract;

/**
 * How an HTTP/2 client behaves. Immutable.
 *
 * @param acknowledging whether it answers SETTINGS and PING
 * @param window bytes of a body that it takes on each stream
 * @param reading whether it reads at all
 */
public record Http2Manners(boolean acknowledging, int window, boolean reading) {

    /** As RFC 9113 wants it. */
    public static final Http2Manners GOOD = new Http2Manners(true, 1 << 20, true);

    /** Never answers SETTINGS or PING. */
    public static final Http2Manners MUTE = new Http2Manners(false, 1 << 20, true);

    /** Takes heads and no byte of a body. */
    public static final Http2Manners NO_WINDOW = new Http2Manners(true, 0, true);

    /** Reads nothing, so that what is sent to it stays with the kernel and then with the server. */
    public static final Http2Manners DEAF = new Http2Manners(false, 1 << 20, false);
}
