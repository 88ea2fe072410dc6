package io.github.springdrain.server.acceptqueue.linux;

/**
 * Socket options of level {@code SOL_SOCKET} that the JDK does not offer, with the numbers of Linux's
 * {@code asm-generic/socket.h}, which hold for x86_64, aarch64, riscv64, ppc64le and s390x.
 */
enum KernelOption {

    /** The index of the only network device the socket works on. */
    SO_BINDTOIFINDEX(62),

    /** A classic BPF program that judges every segment, for a listener before it is looked at. */
    SO_ATTACH_FILTER(26);

    static final int SOL_SOCKET = 1;

    private final int number;

    KernelOption(int number) {
        this.number = number;
    }

    int number() {
        return this.number;
    }
}
