// SPDX-License-Identifier: Apache-2.0
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
     * Attaches {@link BpfProgram#synFilter()} to a socket.
     *
     * @throws IOException if the kernel refuses, or the back end cannot pass a program; the message says which
     */
    void attachSynFilter(int fd) throws IOException;

    /**
     * Has the kernel give every new handshake of a listener's group to one of its members.
     *
     * @param index counts the members in the order in which they began to listen; where there is none with this index,
     *     the kernel chooses by a hash (socket(7), {@code SO_ATTACH_REUSEPORT_CBPF})
     * @throws IOException if the kernel refuses, or the back end cannot pass a program; the message says which
     */
    void steer(int fd, int index) throws IOException;

    /**
     * Socket options of level {@code SOL_SOCKET} that the JDK does not offer, with the numbers of Linux's
     * {@code asm-generic/socket.h}, which hold for x86_64, aarch64, riscv64, ppc64le and s390x.
     */
    enum Option {

        /** The index of the only network device the socket works on. */
        SO_BINDTOIFINDEX(62),

        /** A classic BPF program that judges every segment, for a listener before it is looked at. */
        SO_ATTACH_FILTER(26),

        /** A classic BPF program that returns the index of the member of the group a new handshake is for. */
        SO_ATTACH_REUSEPORT_CBPF(51);

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
