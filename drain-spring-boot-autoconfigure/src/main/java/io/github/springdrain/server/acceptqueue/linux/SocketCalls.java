package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;

/** The system calls {@code setsockopt} and {@code getsockopt}, by whichever back end. Thread-safe. */
interface SocketCalls {

    /**
     * Sets an option that is a number.
     *
     * @throws IOException if the kernel or the back end refuses; the message says why
     */
    void setInt(int fd, KernelOption option, int value) throws IOException;

    /**
     * Reads an option that is a number.
     *
     * @throws IOException if the kernel or the back end refuses; the message says why
     */
    int getInt(int fd, KernelOption option) throws IOException;

    /**
     * Attaches {@link SynFilter} to a socket.
     *
     * @throws IOException if the kernel refuses, or the back end cannot pass a program; the message says which
     */
    void attachSynFilter(int fd) throws IOException;
}
