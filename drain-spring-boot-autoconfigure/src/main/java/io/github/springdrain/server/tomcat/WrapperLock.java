package io.github.springdrain.server.tomcat;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.Lock;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock that a worker holds while it works on a connection. {@code SocketWrapperBase.getLock()} is public in both
 * lines, but its type is {@code Lock} in Tomcat 10.1 and {@code ReentrantLock} in 11, so no one call fits both.
 */
final class WrapperLock {

    private static final Logger logger = LoggerFactory.getLogger(WrapperLock.class);

    private static final @Nullable MethodHandle GET_LOCK = find();

    private WrapperLock() {}

    private static @Nullable MethodHandle find() {
        try {
            return MethodHandles.publicLookup()
                    .unreflect(SocketWrapperBase.class.getMethod("getLock"))
                    .asType(MethodType.methodType(Lock.class, SocketWrapperBase.class));
        } catch (ReflectiveOperationException | RuntimeException ex) {
            logger.warn(
                    "This Tomcat hides the locks of its connections ({}): each is taken to be at work, and idle ones are"
                            + " not closed before the end of a drain",
                    ex.toString());
            return null;
        }
    }

    /** Whether this Tomcat has the lock. */
    static boolean isAvailable() {
        return GET_LOCK != null;
    }

    /** The lock of a connection; {@code null} where there is none. */
    static @Nullable Lock of(SocketWrapperBase<?> wrapper) {
        MethodHandle getLock = GET_LOCK;
        if (getLock == null) {
            return null;
        }
        try {
            return (Lock) getLock.invokeExact(wrapper);
        } catch (RuntimeException | Error ex) {
            throw ex;
        } catch (Throwable ex) {
            throw new IllegalStateException("The lock of " + wrapper + " could not be read", ex);
        }
    }
}
