// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Classic BPF programs for a listening socket, as {@code setsockopt} takes them. */
final class BpfProgram {

    private static final int INSTRUCTION_BYTES = 8;

    /** Where a {@code struct sock_fprog} of a 64-bit machine has its pointer. */
    private static final int POINTER_OFFSET = 8;

    private BpfProgram() {}

    /**
     * Drops the first segment of a handshake and lets every other one pass. A filter of a TCP socket sees the segment
     * from the TCP header on; the flags are in byte 13. Connections born after it was attached inherit it, which costs
     * them five instructions for each segment.
     */
    static ByteBuffer synFilter() {
        ByteBuffer code = direct(5 * INSTRUCTION_BYTES);
        put(code, 0x30, 0, 0, 13); // ldb [13]
        put(code, 0x54, 0, 0, 0x12); // and SYN|ACK
        put(code, 0x15, 0, 1, 0x02); // jeq SYN
        put(code, 0x06, 0, 0, 0); // ret: drop
        put(code, 0x06, 0, 0, 0xffffffff); // ret: pass
        return code.flip();
    }

    /** Returns the same number for every segment. */
    static ByteBuffer constant(int result) {
        ByteBuffer code = direct(INSTRUCTION_BYTES);
        put(code, 0x06, 0, 0, result); // ret
        return code.flip();
    }

    /** The {@code struct sock_fprog} that points to the instructions, which are at this address. */
    static ByteBuffer of(ByteBuffer instructions, long address) {
        ByteBuffer program = direct(POINTER_OFFSET + Long.BYTES);
        program.putShort(0, (short) (instructions.remaining() / INSTRUCTION_BYTES));
        program.putLong(POINTER_OFFSET, address);
        return program;
    }

    private static void put(ByteBuffer code, int operation, int jumpTrue, int jumpFalse, int operand) {
        code.putShort((short) operation)
                .put((byte) jumpTrue)
                .put((byte) jumpFalse)
                .putInt(operand);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
