// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

/**
 * What a container under plain Spring Boot loses, or does not do, in every shutdown and not only in some: the controls
 * of the suite. What none of them keeps is not listed.
 */
public enum Loss {

    /** Requests in service at the signal are not notified of the close. */
    UNNOTIFIED_REQUESTS,

    /** Some of the clients that send one request after the other on a connection that is kept lose one. */
    KEPT_CONNECTIONS,

    /** A request that was sent behind one whose response is still coming never has a response. */
    PIPELINED_REQUESTS,

    /** An upload that pauses for longer than a second after the signal fails. */
    PAUSING_UPLOADS,

    /** WebSocket peers are not notified that the server is going away. */
    UNNOTIFIED_SESSIONS,

    /** A connection whose TLS handshake is not over at the signal is closed, and with it the first request. */
    HANDSHAKES,

    /** A client that stalls in its body holds a thread. */
    STALLED_THREADS,

    /** HTTP/2 streams are refused by a response that no client may take for a refusal. */
    HTTP2_STREAMS
}
