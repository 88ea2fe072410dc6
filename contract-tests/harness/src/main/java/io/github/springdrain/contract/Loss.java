package io.github.springdrain.contract;

/** What a container under plain Spring Boot may lose, or not do, when it leaves service: the controls of the suite. */
public enum Loss {

    /** Requests in service at the signal are not told that their connection ends. */
    UNTOLD_REQUESTS,

    /** A connection that was silent at the signal loses its first request. */
    LATE_FIRST_REQUESTS,

    /** A TLS handshake under way at the signal loses the request that follows. */
    LATE_HANDSHAKES,

    /** A client that keeps its connection loses a request in every shutdown, not only in some. */
    KEPT_CONNECTIONS,

    /** A client that stalls in its body holds a thread. */
    STALLED_THREADS,

    /** HTTP/2 streams are refused by an answer that no client may take for a refusal. */
    HTTP2_STREAMS
}
