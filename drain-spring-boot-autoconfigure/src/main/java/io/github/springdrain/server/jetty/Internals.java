// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import java.lang.reflect.Field;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.AutoLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is read of Jetty's private members. Each is looked up once, at start-up; for one that is missing, one log line
 * says what does not work without it, and the others stay as they are.
 */
final class Internals {

    private static final Logger logger = LoggerFactory.getLogger(Internals.class);

    private static final String HTTP_CONNECTION = "org.eclipse.jetty.server.internal.HttpConnection";

    private static final String CHANNEL_STATE = "org.eclipse.jetty.server.internal.HttpChannelState";

    private static final String HTTP2_CONNECTION = "org.eclipse.jetty.http2.HTTP2Connection";

    private static final String WEB_SOCKET_CONNECTION = "org.eclipse.jetty.websocket.core.WebSocketConnection";

    private static final boolean HTTP2_PRESENT = isPresent(HTTP2_CONNECTION);

    private static final @Nullable Field SELECTOR_MANAGER = find(
            ServerConnector.class.getName(),
            "_manager",
            "connectors without acceptors are shut down as Spring Boot does it");

    private static final @Nullable Field REQUEST_BUFFER = find(
            HTTP_CONNECTION,
            "_requestBuffer",
            "a request that arrives together with another one whose body the application does not read gets no response"
                    + " during a drain");

    private static final @Nullable Field WORKER = find(
            CHANNEL_STATE,
            "_handling",
            Thread.class,
            "which thread serves a request is not in the report, and it is not interrupted at the deadline");

    private static final @Nullable Field HANDLED = find(
            CHANNEL_STATE,
            "_handled",
            boolean.class,
            "requests that only the application can end when its context closes hold that up");

    private static final @Nullable Field WORKER_LOCK = find(
            CHANNEL_STATE, "_lock", AutoLock.class, "threads that serve requests are not interrupted at the deadline");

    private static final @Nullable Field WEB_SOCKET_SESSION = isPresent(WEB_SOCKET_CONNECTION)
            ? find(
                    WEB_SOCKET_CONNECTION,
                    "coreSession",
                    "the close frames of WebSocket sessions read as those of idle ones")
            : null;

    private Internals() {}

    /** Looks everything up, which logs what is missing. */
    static void probe() {
        logger.debug("Jetty's members were looked up");
    }

    /** Whether Jetty's HTTP/2 is on the class path. */
    static boolean isHttp2Present() {
        return HTTP2_PRESENT;
    }

    /** Whether the class of HTTP/1.x connections is there, which Jetty calls internal. */
    static boolean isHttp1Present() {
        return isPresent(HTTP_CONNECTION);
    }

    /** Has a connector that was not started use another selector manager; false where that cannot be. */
    static boolean exchangeSelectorManager(ServerConnector connector, SelectorManager manager) {
        try {
            if (SELECTOR_MANAGER != null) {
                SELECTOR_MANAGER.set(connector, manager);
                return connector.getSelectorManager() == manager;
            }
        } catch (ReflectiveOperationException | RuntimeException ex) {
            logger.warn(
                    "{} keeps its selector manager: as it has no acceptors, it is shut down as Spring Boot does it",
                    connector,
                    ex);
        }
        return false;
    }

    /** How many bytes an HTTP/1.x connection has read and not parsed; {@code unknown} where that cannot be seen. */
    static int unparsedBytes(Connection connection, int unknown) {
        if (REQUEST_BUFFER == null) {
            return unknown;
        }
        try {
            return (REQUEST_BUFFER.get(connection) instanceof RetainableByteBuffer buffer) ? buffer.remaining() : 0;
        } catch (ReflectiveOperationException | RuntimeException ex) {
            // Released by the thread that reads it: there was nothing left in it.
            return 0;
        }
    }

    /** The thread that serves the channel's request; {@code null} where none does, or none is known. */
    static @Nullable Thread worker(HttpChannel channel) {
        return (get(WORKER, channel) instanceof Thread thread) ? thread : null;
    }

    /** Whether the channel's request has been given to the application; false where that is not known. */
    static boolean isHandled(HttpChannel channel) {
        return WORKER != null && Boolean.TRUE.equals(get(HANDLED, channel));
    }

    /** The lock under which Jetty lets a worker go; {@code null} where it is not known. */
    static @Nullable AutoLock workerLock(HttpChannel channel) {
        return (get(WORKER_LOCK, channel) instanceof AutoLock lock) ? lock : null;
    }

    /** The session of a WebSocket connection; {@code null} for any other, and where it is not known. */
    static @Nullable Object webSocketSession(Connection connection) {
        return get(WEB_SOCKET_SESSION, connection);
    }

    private static boolean isPresent(String type) {
        try {
            Class.forName(type, false, Internals.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError ex) {
            return false;
        }
    }

    private static @Nullable Field find(String type, String name, Class<?> fieldType, String without) {
        Field field = find(type, name, without);
        if (field != null && field.getType() != fieldType) {
            logger.warn("This Jetty has no {}.{} of type {}: {}", type, name, fieldType.getName(), without);
            return null;
        }
        return field;
    }

    private static @Nullable Field find(String type, String name, String without) {
        try {
            Field field =
                    Class.forName(type, false, Internals.class.getClassLoader()).getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
            logger.warn("This Jetty has no {}.{}: {}", type, name, without);
            return null;
        }
    }

    private static @Nullable Object get(@Nullable Field field, Object target) {
        try {
            return (field != null && field.getDeclaringClass().isInstance(target)) ? field.get(target) : null;
        } catch (ReflectiveOperationException ex) {
            return null;
        }
    }
}
