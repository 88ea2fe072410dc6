// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue;

/** Whom a server's listeners belong to. */
public enum Sharing {

    /** They are the server's own. */
    NONE,

    /**
     * Each listens with {@code SO_REUSEPORT}: the process that began to listen first serves, the next one stands by.
     */
    REUSE_PORT,

    /** There is one, which another process has opened and handed down as descriptor 0. */
    INHERITED
}
