package io.github.springdrain.server.netty;

/** Counts how often something was read from one connection, behind TLS where there is any. */
interface ReadCounter {

    long count();
}
