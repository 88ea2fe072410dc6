package io.github.springdrain.server.acceptqueue.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The classic BPF program that drops the first segment of a handshake and lets every other one pass. A filter of a TCP
 * socket sees the segment from the TCP header on; the flags are in byte 13. Connections born after it was attached
 * inherit it, which costs them five instructions for each segment.
 */
final class SynFilter {

    private static final int INSTRUCTION_BYTES = 8;

    private static final int INSTRUCTIONS = 5;

    /** Where a {@code struct sock_fprog} of a 64-bit machine has its pointer. */
    private static final int POINTER_OFFSET = 8;

    private SynFilter() {}

    /** The instructions, in memory that native code can read. */
    static ByteBuffer instructions() {
        ByteBuffer code = direct(INSTRUCTIONS * INSTRUCTION_BYTES);
        put(code, 0x30, 0, 0, 13); // ldb [13]
        put(code, 0x54, 0, 0, 0x12); // and SYN|ACK
        put(code, 0x15, 0, 1, 0x02); // jeq SYN
        put(code, 0x06, 0, 0, 0); // ret: drop
        put(code, 0x06, 0, 0, 0xffffffff); // ret: pass
        return code.flip();
    }

    /** The {@code struct sock_fprog} that points to the instructions. */
    static ByteBuffer program(long address) {
        ByteBuffer program = direct(POINTER_OFFSET + Long.BYTES);
        program.putShort(0, (short) INSTRUCTIONS);
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
