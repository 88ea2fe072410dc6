// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The system calls as functions of the C library; a subclass says how those are called. */
abstract class LibcSocketCalls implements SocketCalls {

    private static final int EPERM = 1;

    private static final int ENOPROTOOPT = 92;

    @Override
    public final void setInt(int fd, SocketCalls.Option option, int value) throws IOException {
        ByteBuffer memory = number(value);
        check("setsockopt", option, setsockopt(fd, option, memory));
    }

    @Override
    public final int getInt(int fd, SocketCalls.Option option) throws IOException {
        ByteBuffer memory = number(0);
        check("getsockopt", option, getsockopt(fd, option, memory, number(memory.capacity())));
        return memory.getInt(0);
    }

    @Override
    public final void attachSynFilter(int fd) throws IOException {
        attach(fd, SocketCalls.Option.SO_ATTACH_FILTER, BpfProgram.synFilter());
    }

    @Override
    public final void steer(int fd, int index) throws IOException {
        attach(fd, SocketCalls.Option.SO_ATTACH_REUSEPORT_CBPF, BpfProgram.constant(index));
    }

    private void attach(int fd, SocketCalls.Option option, ByteBuffer instructions) throws IOException {
        try {
            ByteBuffer program = BpfProgram.of(instructions, address(instructions));
            check("setsockopt", option, setsockopt(fd, option, program));
        } finally {
            Reference.reachabilityFence(instructions);
        }
    }

    /**
     * Calls {@code setsockopt} with all of {@code value}.
     *
     * @return 0 or the error number
     */
    abstract int setsockopt(int fd, SocketCalls.Option option, ByteBuffer value) throws IOException;

    /**
     * Calls {@code getsockopt}.
     *
     * @param length an int, the capacity of {@code value}
     * @return 0 or the error number
     */
    abstract int getsockopt(int fd, SocketCalls.Option option, ByteBuffer value, ByteBuffer length) throws IOException;

    /** Where a direct buffer starts. */
    abstract long address(ByteBuffer memory) throws IOException;

    private static ByteBuffer number(int value) {
        return ByteBuffer.allocateDirect(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(0, value);
    }

    private static void check(String call, SocketCalls.Option option, int error) throws IOException {
        if (error != 0) {
            throw new IOException(call + "(" + option + ") failed: " + describe(error));
        }
    }

    private static String describe(int error) {
        return switch (error) {
            case EPERM -> "EPERM, this process is not allowed to";
            case ENOPROTOOPT -> "ENOPROTOOPT, this kernel does not have it";
            default -> "error " + error;
        };
    }
}
