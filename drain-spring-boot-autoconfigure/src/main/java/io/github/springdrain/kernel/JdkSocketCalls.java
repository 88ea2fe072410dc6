package io.github.springdrain.kernel;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * The system calls by the methods the JDK itself sets its socket options with ({@code sun.nio.ch.Net}, the same in Java 17
 * and 25). Needs {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED}, or {@code Add-Opens: java.base/sun.nio.ch} in the
 * manifest of the jar that is started. Passes numbers only, so there is no filter.
 */
final class JdkSocketCalls implements SocketCalls {

    private static final String PACKAGE = "sun.nio.ch";

    private final Method newFileDescriptor;

    private final Method setIntOption;

    private final Method getIntOption;

    /**
     * Looks the methods up.
     *
     * @throws ReflectiveOperationException if the package is not opened, or the methods are not as they were
     */
    JdkSocketCalls() throws ReflectiveOperationException {
        Class<?> net = Class.forName(PACKAGE + ".Net");
        if (!net.getModule().isOpen(PACKAGE, JdkSocketCalls.class.getModule())) {
            throw new IllegalAccessException("needs --add-opens java.base/sun.nio.ch=ALL-UNNAMED");
        }
        this.newFileDescriptor = method(Class.forName(PACKAGE + ".IOUtil"), "newFD", int.class);
        this.setIntOption = method(
                net,
                "setIntOption0",
                FileDescriptor.class,
                boolean.class,
                int.class,
                int.class,
                int.class,
                boolean.class);
        this.getIntOption = method(net, "getIntOption0", FileDescriptor.class, boolean.class, int.class, int.class);
    }

    @Override
    public void setInt(int fd, KernelOption option, int value) throws IOException {
        Object descriptor = call(this.newFileDescriptor, fd);
        call(this.setIntOption, descriptor, false, KernelOption.SOL_SOCKET, option.number(), value, false);
    }

    @Override
    public int getInt(int fd, KernelOption option) throws IOException {
        Object descriptor = call(this.newFileDescriptor, fd);
        return (int) call(this.getIntOption, descriptor, false, KernelOption.SOL_SOCKET, option.number());
    }

    @Override
    public void attachSynFilter(int fd) throws IOException {
        throw new IOException("takes numbers only");
    }

    private static Object call(Method method, Object... arguments) throws IOException {
        try {
            return method.invoke(null, arguments);
        } catch (InvocationTargetException ex) {
            throw new IOException(method.getName() + " failed: " + ex.getCause(), ex);
        } catch (IllegalAccessException ex) {
            throw new IOException(ex);
        }
    }

    private static Method method(Class<?> type, String name, Class<?>... parameters) throws NoSuchMethodException {
        Method method = type.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }
}
