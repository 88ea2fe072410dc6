// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

/** How a connection stands once a response has been read. */
public enum ConnectionEnd {

    /** The server closed it in order: FIN, after a close_notify with TLS. */
    EOF,

    /** The server reset it. */
    RESET,

    /** It is open, or nobody has looked. */
    OPEN
}
