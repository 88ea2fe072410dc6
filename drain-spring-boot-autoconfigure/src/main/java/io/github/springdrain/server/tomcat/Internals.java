// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import jakarta.servlet.http.HttpUpgradeHandler;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.CompressionConfig;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.upgrade.UpgradeProcessorBase;
import org.apache.coyote.http2.Http2AsyncUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is reached of Tomcat by reflection. Each member is looked up once, at start-up and where it is needed. One log
 * line says what does not work without a missing one.
 */
final class Internals {

    private static final Logger logger = LoggerFactory.getLogger(Internals.class);

    /** Public in both lines, with a result of another type in each, so no one call fits both. */
    private static final @Nullable MethodHandle GET_LOCK = findGetLock();

    private static final String WEB_SOCKET_HANDLER = "org.apache.tomcat.websocket.server.WsHttpUpgradeHandler";

    private Internals() {}

    /** Looks up what every connector needs, which logs what is missing. */
    static void probe() {
        logger.debug("The lock of Tomcat's connections was looked up: {}", GET_LOCK);
        if (isPresent(WEB_SOCKET_HANDLER)) {
            logger.debug("The sessions of Tomcat's WebSocket connections were looked up: {}", WebSocket.PROPERTIES);
        }
    }

    /** The lock that a worker holds while it works on a connection; {@code null} where this Tomcat has none. */
    static @Nullable Lock lockOf(SocketWrapperBase<?> wrapper) {
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

    /** Looks up what HTTP/2 connections need, which logs what is missing. */
    static void probeHttp2() {
        logger.debug("The streams of Tomcat's HTTP/2 connections were looked up: {}", Http2.STREAMS);
    }

    /**
     * The requests on the active streams of an HTTP/2 connection.
     *
     * @param connection Tomcat's own handler of the connection
     * @return a copy; {@code null} where they cannot be read
     */
    static @Nullable List<Exchange> http2Exchanges(Object connection) {
        try {
            return Http2.exchanges(connection);
        } catch (ReflectiveOperationException | RuntimeException ex) {
            logger.debug("The streams of {} could not be read", connection, ex);
            return null;
        }
    }

    /**
     * Lets the close frame of a WebSocket session wait longer for a message that is being written, unless the application
     * has said how long. Does nothing for other connections, and for those that a worker is at work on.
     *
     * @param wrapper a connection whose lock the caller holds
     */
    static void extendCloseTimeout(SocketWrapperBase<?> wrapper, Duration limit) {
        Object handler = upgradeHandlerOf(wrapper);
        if (handler != null && handler.getClass().getName().equals(WEB_SOCKET_HANDLER)) {
            WebSocket.extendCloseTimeout(handler, limit);
        }
    }

    /**
     * What serves a connection that has been upgraded; {@code null} where it has not, and where a worker is at work on it.
     *
     * @param wrapper a connection whose lock the caller holds
     */
    static @Nullable HttpUpgradeHandler upgradeHandlerOf(SocketWrapperBase<?> wrapper) {
        return (wrapper.getCurrentProcessor() instanceof UpgradeProcessorBase processor)
                ? processor.getUpgradeToken().getHttpUpgradeHandler()
                : null;
    }

    /**
     * Exchanges the endpoint of a protocol handler that has not been initialized. Its settings move to the new one.
     *
     * @param protocol the application's protocol handler, which stays the one that is configured and asked
     * @param endpoint the endpoint that serves from now on
     * @param handler what the endpoint hands its connections to
     * @param compression what decides on the compression of each response
     * @throws ReflectiveOperationException if that is not possible; nothing has changed then
     */
    static void takeOver(
            Http11NioProtocol protocol, NioEndpoint endpoint, Object handler, CompressionConfig compression)
            throws ReflectiveOperationException {
        Field endpointField = TakeOver.ENDPOINT;
        Field compressionField = TakeOver.COMPRESSION;
        Field handlerField = TakeOver.HANDLER;
        if (endpointField == null || compressionField == null || handlerField == null) {
            throw new NoSuchFieldException("a member is missing");
        }
        Object original = endpointField.get(protocol);
        if (original.getClass() != NioEndpoint.class) {
            throw new NoSuchFieldException("it is " + original.getClass().getName());
        }
        // What may be refused comes first, while nothing has changed yet for the application.
        copyFields(original, endpoint, NioEndpoint.class, AbstractEndpoint.class, "handler");
        copyFields(compressionField.get(protocol), compression, CompressionConfig.class, CompressionConfig.class, "");
        compressionField.set(protocol, compression);
        endpointField.set(protocol, endpoint);
        handlerField.set(protocol, handler);
    }

    /** Copies every field of the classes from {@code first} up to {@code last}, those of other versions included. */
    private static void copyFields(Object source, Object target, Class<?> first, Class<?> last, String except)
            throws ReflectiveOperationException {
        for (Class<?> type = first; last.isAssignableFrom(type); type = type.getSuperclass()) {
            if ((type == first || type == last) && type.getDeclaredFields().length == 0) {
                // A native image hides what it has no hint for, and the settings would be lost.
                throw new NoSuchFieldException(type.getName() + " shows no fields");
            }
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getName().equals(except)) {
                    field.setAccessible(true);
                    field.set(target, field.get(source));
                }
            }
        }
    }

    private static @Nullable MethodHandle findGetLock() {
        try {
            return MethodHandles.publicLookup()
                    .unreflect(SocketWrapperBase.class.getMethod("getLock"))
                    .asType(MethodType.methodType(Lock.class, SocketWrapperBase.class));
        } catch (ReflectiveOperationException | RuntimeException ex) {
            missing(SocketWrapperBase.class.getName(), "getLock", "connections look busy until the end of the drain");
            return null;
        }
    }

    private static boolean isPresent(String name) {
        try {
            Class.forName(name, false, Internals.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError ex) {
            return false;
        }
    }

    private static @Nullable Class<?> findClass(String name, String without) {
        try {
            return Class.forName(name, false, Internals.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError ex) {
            logger.warn("This Tomcat has no {}: {}", name, without);
            return null;
        }
    }

    private static @Nullable Field findField(Class<?> type, String name, String without) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException ex) {
            missing(type.getName(), name, without);
            return null;
        }
    }

    private static @Nullable Method findMethod(@Nullable Class<?> type, String name, String without) {
        if (type == null) {
            return null;
        }
        try {
            Method method = type.getDeclaredMethod(name);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | RuntimeException ex) {
            missing(type.getName(), name, without);
            return null;
        }
    }

    private static void missing(String type, String name, String without) {
        logger.warn("This Tomcat has no {}.{}: {}", type, name, without);
    }

    /** One request and the response to it. */
    record Exchange(Request request, Response response) {}

    /** What a protocol handler works with; loaded only where one is to be taken over. */
    private static final class TakeOver {

        private static final String WITHOUT = "connectors that the application has created are unmanaged";

        private static final @Nullable Field ENDPOINT = findField(AbstractProtocol.class, "endpoint", WITHOUT);

        private static final @Nullable Field HANDLER = findField(AbstractProtocol.class, "handler", WITHOUT);

        private static final @Nullable Field COMPRESSION =
                findField(AbstractHttp11Protocol.class, "compressionConfig", WITHOUT);

        private TakeOver() {}
    }

    /** The session of a WebSocket connection; loaded only where Tomcat's WebSocket is on the class path. */
    private static final class WebSocket {

        private static final String WITHOUT =
                "a WebSocket session may end without a close frame while the application writes to it";

        /** What Tomcat reads in the moment of the close, in milliseconds; 50 by default. */
        private static final String TIMEOUT = "org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT";

        private static final @Nullable Class<?> HANDLER = findClass(WEB_SOCKET_HANDLER, WITHOUT);

        private static final @Nullable Field SESSION =
                (HANDLER != null) ? findField(HANDLER, "wsSession", WITHOUT) : null;

        private static final @Nullable Method PROPERTIES =
                (SESSION != null) ? findMethod(SESSION.getType(), "getUserProperties", WITHOUT) : null;

        private WebSocket() {}

        @SuppressWarnings("unchecked")
        static void extendCloseTimeout(Object handler, Duration limit) {
            Field session = SESSION;
            Method properties = PROPERTIES;
            if (session == null || properties == null) {
                return;
            }
            try {
                Map<String, Object> known = (Map<String, Object>) properties.invoke(session.get(handler));
                known.putIfAbsent(TIMEOUT, limit.toMillis());
            } catch (ReflectiveOperationException | RuntimeException ex) {
                logger.debug("The session of {} could not be reached", handler, ex);
            }
        }
    }

    /** The streams of an HTTP/2 connection; loaded only where HTTP/2 is configured. */
    private static final class Http2 {

        private static final String WITHOUT = "reports count the requests on HTTP/2 streams without naming them";

        private static final @Nullable Field STREAMS =
                findField(Http2AsyncUpgradeHandler.class.getSuperclass(), "streams", WITHOUT);

        private static final @Nullable Class<?> STREAM = findClass("org.apache.coyote.http2.Stream", WITHOUT);

        private static final @Nullable Method IS_ACTIVE = findMethod(STREAM, "isActive", WITHOUT);

        private static final @Nullable Method REQUEST = findMethod(STREAM, "getCoyoteRequest", WITHOUT);

        private static final @Nullable Method RESPONSE = findMethod(STREAM, "getCoyoteResponse", WITHOUT);

        private Http2() {}

        static @Nullable List<Exchange> exchanges(Object connection) throws ReflectiveOperationException {
            Field streams = STREAMS;
            Class<?> type = STREAM;
            Method isActive = IS_ACTIVE;
            Method request = REQUEST;
            Method response = RESPONSE;
            if (streams == null || type == null || isActive == null || request == null || response == null) {
                return null;
            }
            List<Exchange> found = new ArrayList<>();
            for (Object stream : ((Map<?, ?>) streams.get(connection)).values()) {
                if (type.isInstance(stream) && (boolean) isActive.invoke(stream)) {
                    found.add(new Exchange((Request) request.invoke(stream), (Response) response.invoke(stream)));
                }
            }
            return found;
        }
    }
}
