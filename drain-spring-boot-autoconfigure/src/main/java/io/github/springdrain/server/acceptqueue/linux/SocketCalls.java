package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;

/** The system calls {@code setsockopt} and {@code getsockopt}, by whichever back end. Thread-safe. */
interface SocketCalls {

    /**
     * Sets an option that is a number.
     *
     * @throws IOException if the kernel or the back end refuses; the message says why
     */
    void setInt(int fd, Option option, int value) throws IOException;

    /**
     * Reads an option that is a number.
     *
     * @throws IOException if the kernel or the back end refuses; the message says why
     */
    int getInt(int fd, Option option) throws IOException;

    /**
     * Attaches {@link SynFilter} to a socket.
     *
     * @throws IOException if the kernel refuses, or the back end cannot pass a program; the message says which
     */
    void attachSynFilter(int fd) throws IOException;

    /**
     * Socket options of level {@code SOL_SOCKET} that the JDK does not offer, with the numbers of Linux's
     * {@code asm-generic/socket.h}, which hold for x86_64, aarch64, riscv64, ppc64le and s390x.
     */
    enum Option {

        /** The index of the only network device the socket works on. */
        SO_BINDTOIFINDEX(62),

        /** A classic BPF program that judges every segment, for a listener before it is looked at. */
        SO_ATTACH_FILTER(26);

        static final int SOL_SOCKET = 1;

        private final int number;

        Option(int number) {
            this.number = number;
        }

        int number() {
            return this.number;
        }
    }
}
