package io.github.springdrain.server.netty;

/** Counts how often something was read from one connection, behind TLS where there is any. Used by its event loop. */
interface ReadCounter {

    long count();

    /** How many bytes of the present read no handler has decoded yet; 0 outside of a read. */
    int undecoded();
}
