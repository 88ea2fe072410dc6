package io.github.springdrain.contract;

/** How a connection stands once an answer has been read. */
public enum ConnectionEnd {

    /** The server closed it in order: FIN, after a close_notify with TLS. */
    EOF,

    /** The server reset it. */
    RESET,

    /** It is open, or nobody has looked. */
    OPEN
}
