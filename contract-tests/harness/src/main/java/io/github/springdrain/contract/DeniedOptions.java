// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A process that the kernel refuses some options of sockets, as older kernels and sandboxes do: a filter of system calls
 * (seccomp), which needs no privileges.
 */
public final class DeniedOptions {

    /** The device that a socket works on: the device gate. */
    public static final int SO_BINDTOIFINDEX = 62;

    /** A filter of segments: the SYN filter. */
    public static final int SO_ATTACH_FILTER = 26;

    /** A program that picks a listener of a group: steering. */
    public static final int SO_ATTACH_REUSEPORT_CBPF = 51;

    private static final int PR_SET_SECCOMP = 22;

    private static final int PR_SET_NO_NEW_PRIVS = 38;

    private static final int SECCOMP_MODE_FILTER = 2;

    private static final int SOL_SOCKET = 1;

    /** Where a filter finds the number of the call, and the lower halves of its second and third argument. */
    private static final int NUMBER = 0;

    private static final int LEVEL = 24;

    private static final int OPTION = 32;

    private static final int LOAD = 0x20;

    private static final int JUMP_IF_EQUAL = 0x15;

    private static final int RETURN = 0x06;

    private static final int ALLOW = 0x7fff0000;

    private static final int FAIL_WITH_EPERM = 0x00050001;

    private static final int INSTRUCTION_BYTES = 8;

    private DeniedOptions() {}

    /** What goes before the command of a process that shall be refused these options of {@code SOL_SOCKET}. */
    public static List<String> denying(int... options) {
        List<String> command = new ArrayList<>(ClassPath.java(DeniedOptions.class, Native.class));
        Arrays.stream(options).forEach((option) -> command.add(Integer.toString(option)));
        command.add("--");
        return command;
    }

    /** Takes the numbers of options, {@code --}, and the command that this process is to become. */
    public static void main(String[] arguments) {
        int separator = Arrays.asList(arguments).indexOf("--");
        ByteBuffer filter = filter(Arrays.stream(arguments, 0, separator)
                .mapToInt(Integer::parseInt)
                .toArray());
        String[] command = Arrays.copyOfRange(arguments, separator + 1, arguments.length);
        Native.register(DeniedOptions.class, "c");
        NativeLong zero = new NativeLong(0);
        try (Memory program = new Memory(2L * Native.POINTER_SIZE)) {
            program.clear();
            program.setShort(0, (short) (filter.capacity() / INSTRUCTION_BYTES));
            program.setPointer(Native.POINTER_SIZE, Native.getDirectBufferPointer(filter));
            prctl(PR_SET_NO_NEW_PRIVS, new NativeLong(1), Pointer.NULL, zero, zero);
            prctl(PR_SET_SECCOMP, new NativeLong(SECCOMP_MODE_FILTER), program, zero, zero);
            // The filter is this thread's, which is the only one that goes on.
            execvp(command[0], new StringArray(command));
        }
    }

    private static ByteBuffer filter(int... options) {
        int allow = 5 + options.length;
        ByteBuffer code =
                ByteBuffer.allocateDirect((allow + 2) * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
        add(code, LOAD, 0, NUMBER);
        addUnlessEqual(code, setsockopt(), allow);
        add(code, LOAD, 0, LEVEL);
        addUnlessEqual(code, SOL_SOCKET, allow);
        add(code, LOAD, 0, OPTION);
        for (int i = 0; i < options.length; i++) {
            int toFail = options.length - i;
            code.putShort((short) JUMP_IF_EQUAL)
                    .put((byte) toFail)
                    .put((byte) 0)
                    .putInt(options[i]);
        }
        add(code, RETURN, 0, ALLOW);
        add(code, RETURN, 0, FAIL_WITH_EPERM);
        return code;
    }

    /** Goes to the instruction {@code allow} unless {@code value} has been loaded. */
    private static void addUnlessEqual(ByteBuffer code, int value, int allow) {
        int next = code.position() / INSTRUCTION_BYTES + 1;
        add(code, JUMP_IF_EQUAL, allow - next, value);
    }

    private static void add(ByteBuffer code, int operation, int otherwise, int operand) {
        code.putShort((short) operation).put((byte) 0).put((byte) otherwise).putInt(operand);
    }

    private static int setsockopt() {
        return System.getProperty("os.arch").equals("aarch64") ? 208 : 54;
    }

    private static native int prctl(int what, NativeLong first, Pointer second, NativeLong third, NativeLong fourth)
            throws LastErrorException;

    private static native int execvp(String file, Pointer arguments) throws LastErrorException;
}
