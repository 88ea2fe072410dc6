// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/**
 * An open-ended response: server-sent events, a feed of records. Registered with
 * {@link OpenStreams}; its methods are called once each, on a thread that may block for as long as the peer makes it.
 */
public interface DrainableStream {

    /** Sends the head of the response, unless it has been sent: the client waits for events, not for a response. */
    default void commit() throws Exception {}

    /**
     * Ends the response so that the client receives a complete one. Does nothing where the response is none that may
     * end anywhere; the deadline aborts such a response in a way that its client can recognise.
     */
    void end() throws Exception;
}
