// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * The system calls by JNA, which is there only if the user added it. The only class that names JNA's types; creating it
 * throws a {@link LinkageError} where JNA or its native part cannot be loaded, as with musl or without a writable
 * directory for temporary files.
 */
final class JnaSocketCalls extends LibcSocketCalls {

    private final Function setsockopt;

    private final Function getsockopt;

    JnaSocketCalls() {
        // The process itself, as the C library's file has another name wherever it is not glibc.
        NativeLibrary process = NativeLibrary.getProcess();
        this.setsockopt = process.getFunction("setsockopt");
        this.getsockopt = process.getFunction("getsockopt");
    }

    @Override
    int setsockopt(int fd, SocketCalls.Option option, ByteBuffer value) {
        return call(this.setsockopt, fd, option, value, value.capacity());
    }

    @Override
    int getsockopt(int fd, SocketCalls.Option option, ByteBuffer value, ByteBuffer length) {
        return call(this.getsockopt, fd, option, value, length);
    }

    @Override
    long address(ByteBuffer memory) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(memory));
    }

    private static int call(Function function, int fd, SocketCalls.Option option, Object value, Object length) {
        Object[] arguments = {fd, SocketCalls.Option.SOL_SOCKET, option.number(), value, length};
        return (function.invokeInt(arguments) == 0) ? 0 : Native.getLastError();
    }
}
