// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * The system calls by the foreign function API of Java 22 and later (JEP 454). Everything of it is looked up at run
 * time, as this class is compiled for Java 17. Direct buffers stand for native memory, so no arena is needed.
 */
final class ForeignSocketCalls extends LibcSocketCalls {

    static final int SINCE = 22;

    private static final String PACKAGE = "java.lang.foreign.";

    private final Method segmentOfBuffer;

    private final Method addressOfSegment;

    private final MethodHandle setsockopt;

    private final MethodHandle getsockopt;

    /**
     * Links the two functions.
     *
     * @throws ReflectiveOperationException if the API is absent or, as its cause, if native access is denied
     */
    ForeignSocketCalls() throws ReflectiveOperationException {
        int version = Runtime.version().feature();
        if (version < SINCE) {
            throw new ClassNotFoundException("needs Java " + SINCE + ", this is Java " + version);
        }
        this.segmentOfBuffer = type("MemorySegment").getMethod("ofBuffer", Buffer.class);
        this.addressOfSegment = type("MemorySegment").getMethod("address");
        Object number = type("ValueLayout").getField("JAVA_INT").get(null);
        Object pointer = type("ValueLayout").getField("ADDRESS").get(null);
        this.setsockopt = link("setsockopt", number, List.of(number, number, number, pointer, number));
        this.getsockopt = link("getsockopt", number, List.of(number, number, number, pointer, pointer));
    }

    @Override
    int setsockopt(int fd, SocketCalls.Option option, ByteBuffer value) throws IOException {
        return call(this.setsockopt, fd, option, segment(value), value.capacity());
    }

    @Override
    int getsockopt(int fd, SocketCalls.Option option, ByteBuffer value, ByteBuffer length) throws IOException {
        return call(this.getsockopt, fd, option, segment(value), segment(length));
    }

    @Override
    long address(ByteBuffer memory) throws IOException {
        try {
            return (long) this.addressOfSegment.invoke(segment(memory));
        } catch (ReflectiveOperationException ex) {
            throw new IOException(ex);
        }
    }

    private Object segment(ByteBuffer memory) throws IOException {
        try {
            return this.segmentOfBuffer.invoke(null, memory);
        } catch (ReflectiveOperationException ex) {
            throw new IOException(ex);
        }
    }

    private int call(MethodHandle function, int fd, SocketCalls.Option option, Object value, Object length)
            throws IOException {
        ByteBuffer error = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
        try {
            Object result = function.invokeWithArguments(
                    segment(error), fd, SocketCalls.Option.SOL_SOCKET, option.number(), value, length);
            return ((int) result == 0) ? 0 : error.getInt(0);
        } catch (IOException | RuntimeException | Error ex) {
            throw ex;
        } catch (Throwable ex) {
            throw new IOException(ex);
        }
    }

    /** Links one function; its first argument is where to leave {@code errno}. */
    private static MethodHandle link(String function, Object result, List<Object> arguments)
            throws ReflectiveOperationException {
        Class<?> linkerType = type("Linker");
        Object linker = linkerType.getMethod("nativeLinker").invoke(null);
        Object symbols = linkerType.getMethod("defaultLookup").invoke(linker);
        Optional<?> symbol = (Optional<?>)
                type("SymbolLookup").getMethod("find", String.class).invoke(symbols, function);
        if (symbol.isEmpty()) {
            throw new NoSuchMethodException("the C library shows no " + function);
        }
        Object options = arrayOf("Linker$Option", List.of(captureErrno()));
        return (MethodHandle) linkerType
                .getMethod("downcallHandle", type("MemorySegment"), type("FunctionDescriptor"), options.getClass())
                .invoke(linker, symbol.get(), descriptor(result, arguments), options);
    }

    private static Object descriptor(Object result, List<Object> arguments) throws ReflectiveOperationException {
        Object layouts = arrayOf("MemoryLayout", arguments);
        return type("FunctionDescriptor")
                .getMethod("of", type("MemoryLayout"), layouts.getClass())
                .invoke(null, result, layouts);
    }

    private static Object captureErrno() throws ReflectiveOperationException {
        return type("Linker$Option")
                .getMethod("captureCallState", String[].class)
                .invoke(null, (Object) new String[] {"errno"});
    }

    private static Object arrayOf(String name, List<Object> elements) throws ReflectiveOperationException {
        Object array = Array.newInstance(type(name), elements.size());
        for (int i = 0; i < elements.size(); i++) {
            Array.set(array, i, elements.get(i));
        }
        return array;
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(PACKAGE + name);
    }
}
