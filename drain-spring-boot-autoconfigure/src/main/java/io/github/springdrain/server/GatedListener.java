// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import java.net.InetSocketAddress;

/**
 * One listener of a server, as far as its accept queue is concerned. The methods are called from the thread that empties
 * the queue, every few milliseconds; they must return at once.
 */
public interface GatedListener {

    /** The local address the listener is bound to, with its real port; may be the wildcard address. */
    InetSocketAddress address();

    /**
     * Whether nothing is in the acceptor's hand: it is back in {@code accept} or {@code select} and has handed on every
     * connection it took.
     */
    boolean isAcceptorWaiting();

    /** How many connections were accepted so far; never falls. */
    long accepted();
}
