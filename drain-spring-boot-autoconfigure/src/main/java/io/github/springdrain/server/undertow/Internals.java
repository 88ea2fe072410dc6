// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.server.InvalidSettingException;
import io.undertow.Undertow;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.protocols.http2.Http2DataStreamSinkChannel;
import io.undertow.protocols.http2.Http2StreamSourceChannel;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.AbstractServerConnection;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.OpenListener;
import io.undertow.server.protocol.framed.AbstractFramedChannel;
import io.undertow.server.protocol.http.AlpnOpenListener;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.server.protocol.http2.Http2OpenListener;
import io.undertow.server.protocol.http2.Http2ReceiveListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptListenerSettable;
import org.xnio.channels.AcceptingChannel;
import org.xnio.ssl.SslConnection;

/**
 * All that is read of Undertow's private members. Each is looked up once, at start-up; one that is missing is named in
 * one log line and leaves the others as they are.
 */
final class Internals {

    private static final Logger logger = LoggerFactory.getLogger(Internals.class);

    private static final String FRAMED = "io.undertow.server.protocol.framed.AbstractFramedChannel$FrameReadListener";

    private static final String READ_LISTENER = "io.undertow.server.protocol.http.HttpReadListener";

    private static final String TLS_CHANNEL = "io.undertow.protocols.ssl.UndertowAcceptingSslChannel";

    private static final String DELEGATING_LISTENER = "org.xnio.ChannelListeners$DelegatingChannelListener";

    private static final String NIO_TCP_SERVER = "org.xnio.nio.NioTcpServer";

    private static final String NIO_QUEUED_SERVER = "org.xnio.nio.QueuedNioTcpServer2";

    private static final String NO_REUSE_PORT = "server.drain.reuse-port does not work";

    /** Undertow's own. */
    private static final int CONNECTION_WATER = 1_000_000;

    private static final int UNUSED_RESPONSE = 1;

    private static final @Nullable Field CHANNEL =
            find(Undertow.ListenerInfo.class, "channel", "its listener is not emptied and closed by itself");

    private static final @Nullable Field TCP_SERVER =
            find(TLS_CHANNEL, "tcpServer", "accepted connections over TLS are not counted");

    private static final @Nullable Field ACCEPT_LISTENER =
            find(DELEGATING_LISTENER, "channelListener", "accepted connections over TLS are not counted");

    private static final @Nullable Field OPEN_LISTENER = find(
            Undertow.ListenerInfo.class, "openListener", "responses do not advertise the close, nothing is scanned");

    private static final @Nullable Field HTTP1 =
            find(HttpOpenListener.class, "connections", "connections are counted only");

    private static final @Nullable Field HTTP2 =
            find(Http2OpenListener.class, "connections", "HTTP/2 over TLS gets no GOAWAY");

    private static final @Nullable Field ALPN =
            find(AlpnOpenListener.class, "listeners", "connections behind ALPN are counted only");

    private static final @Nullable Field ALPN_ENTRY = find(
            AlpnOpenListener.class.getName() + "$ListenerEntry",
            "listener",
            "connections behind ALPN are counted only");

    private static final @Nullable Field CURRENT =
            find(AbstractServerConnection.class, "current", "requests are counted only");

    private static final @Nullable Field REQUEST_STATE =
            find(READ_LISTENER, "requestState", "idle connections stay open until the end");

    private static final @Nullable Field HEAD_BYTES =
            find(READ_LISTENER, "read", "unfinished request heads look like idle connections");

    private static final @Nullable Field RESPONSE_STATE = find(
            "io.undertow.server.protocol.http.HttpResponseConduit", "state", "new connections look like idle ones");

    private static final @Nullable Field STREAMS =
            find(Http2Channel.class, "currentStreams", "HTTP/2 connections look busy");

    private static final @Nullable Field STREAM_SINK = find(
            Http2Channel.class.getName() + "$StreamHolder", "sinkChannel", "requests on HTTP/2 streams are not named");

    private static final @Nullable Field LAST_STREAM =
            find(Http2Channel.class, "lastGoodStreamId", "HTTP/2 connections are closed only when they are idle");

    private static final @Nullable Field CONNECTION = find(
            AbstractFramedChannel.class,
            "channel",
            "HTTP/2 clients have the time for their first request from the middle of their TLS handshake on");

    private static final @Nullable Method SERVE = find(
            Http2ReceiveListener.class,
            "handleRequests",
            "HTTP/2 peers are not asked what they have read",
            Http2Channel.class,
            Http2StreamSourceChannel.class);

    private static final @Nullable Field FRAMED_CHANNEL =
            find(FRAMED, "this$0", "WebSocket and cleartext HTTP/2 connections are not distinguished");

    private static final @Nullable Field BUILDER_WORKER = find(Undertow.Builder.class, "worker", NO_REUSE_PORT);

    private static final @Nullable Field BUILDER_IO_THREADS = find(Undertow.Builder.class, "ioThreads", NO_REUSE_PORT);

    private static final @Nullable Field BUILDER_WORKER_THREADS =
            find(Undertow.Builder.class, "workerThreads", NO_REUSE_PORT);

    private static final @Nullable Field BUILDER_WORKER_OPTIONS =
            find(Undertow.Builder.class, "workerOptions", NO_REUSE_PORT);

    private static final @Nullable Constructor<?> TCP_SERVER_OF_CHANNEL = findConstructor(NIO_TCP_SERVER, 4);

    private static final @Nullable Constructor<?> QUEUED_SERVER = findConstructor(NIO_QUEUED_SERVER, 1);

    private Internals() {}

    /**
     * The worker that a builder is going to use; a new one with the builder's settings if it has none.
     *
     * @throws InvalidSettingException if it cannot be known
     */
    static XnioWorker worker(Undertow.Builder builder) {
        require(BUILDER_WORKER, "Undertow.Builder.worker");
        if (get(BUILDER_WORKER, builder) instanceof XnioWorker given) {
            return given;
        }
        Integer ioThreads = (Integer) require(get(BUILDER_IO_THREADS, builder), "Undertow.Builder.ioThreads");
        Integer threads = (Integer) require(get(BUILDER_WORKER_THREADS, builder), "Undertow.Builder.workerThreads");
        OptionMap.Builder more =
                (OptionMap.Builder) require(get(BUILDER_WORKER_OPTIONS, builder), "Undertow.Builder.workerOptions");
        // As Undertow does when it starts without a worker.
        OptionMap options = OptionMap.builder()
                .set(Options.WORKER_IO_THREADS, ioThreads)
                .set(Options.CONNECTION_HIGH_WATER, CONNECTION_WATER)
                .set(Options.CONNECTION_LOW_WATER, CONNECTION_WATER)
                .set(Options.WORKER_TASK_CORE_THREADS, threads)
                .set(Options.WORKER_TASK_MAX_THREADS, threads)
                .set(Options.TCP_NODELAY, true)
                .set(Options.CORK, true)
                .addAll(more.getMap())
                .getMap();
        try {
            return Xnio.getInstance(Undertow.class.getClassLoader()).createWorker(options);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * What a worker of XNIO's makes of a listener that is bound.
     *
     * @throws InvalidSettingException if there is no way to make one
     */
    @SuppressWarnings("unchecked") // XNIO's class is not public.
    static AcceptingChannel<StreamConnection> acceptingChannel(
            XnioWorker worker, ServerSocketChannel listener, OptionMap options) throws IOException {
        Constructor<?> server = require(TCP_SERVER_OF_CHANNEL, NIO_TCP_SERVER);
        Constructor<?> queued = require(QUEUED_SERVER, NIO_QUEUED_SERVER);
        try {
            return (AcceptingChannel<StreamConnection>)
                    queued.newInstance(server.newInstance(worker, listener, options, false));
        } catch (ReflectiveOperationException | RuntimeException ex) {
            throw new IOException("No listener of Undertow's can be made for server.drain.reuse-port", ex);
        }
    }

    private static <T> T require(@Nullable T member, String name) {
        if (member == null) {
            throw new InvalidSettingException("reuse-port", true, "false, as this Undertow has no " + name);
        }
        return member;
    }

    private static @Nullable Constructor<?> findConstructor(String type, int parameters) {
        try {
            for (Constructor<?> found :
                    Class.forName(type, false, Internals.class.getClassLoader()).getDeclaredConstructors()) {
                if (found.getParameterCount() == parameters) {
                    found.setAccessible(true);
                    return found;
                }
            }
        } catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
            logger.debug("{} cannot be used", type, ex);
        }
        logger.warn("This Undertow has no {}: {}", type, NO_REUSE_PORT);
        return null;
    }

    /** Looks everything up, which reports the members that are missing. */
    static void probe() {
        logger.debug("Undertow's members were looked up");
    }

    static @Nullable AcceptingChannel<?> channel(Undertow.ListenerInfo listener) {
        return (AcceptingChannel<?>) get(CHANNEL, listener);
    }

    /**
     * What a channel calls when it may accept; {@code null} where that is not known. With TLS, Undertow's channel has
     * XNIO's call it in the name of its own.
     */
    static @Nullable ChannelListener<?> acceptListener(AcceptingChannel<?> channel) {
        if (channel instanceof AcceptListenerSettable<?> tcp) {
            return tcp.getAcceptListener();
        }
        return (get(TCP_SERVER, channel) instanceof AcceptListenerSettable<?> tcp
                        && get(ACCEPT_LISTENER, tcp.getAcceptListener()) instanceof ChannelListener<?> listener)
                ? listener
                : null;
    }

    static @Nullable OpenListener openListener(Undertow.ListenerInfo listener) {
        return (OpenListener) get(OPEN_LISTENER, listener);
    }

    /** The listener for each protocol that may be negotiated, or the one listener there is. */
    static List<OpenListener> byProtocol(OpenListener listener) {
        if (!(listener instanceof AlpnOpenListener)) {
            return List.of(listener);
        }
        List<OpenListener> all = new ArrayList<>();
        if (get(ALPN, listener) instanceof Map<?, ?> entries) {
            for (Object entry : entries.values()) {
                if (get(ALPN_ENTRY, entry) instanceof OpenListener protocol && !all.contains(protocol)) {
                    all.add(protocol);
                }
            }
        }
        return all;
    }

    /** The connections of one listener: {@link HttpServerConnection}s and {@link Http2Channel}s; a copy. */
    static List<Object> connections(OpenListener listener) {
        Object found = null;
        if (listener instanceof HttpOpenListener) {
            found = get(HTTP1, listener);
        } else if (listener instanceof Http2OpenListener) {
            found = get(HTTP2, listener);
        }
        return (found instanceof Collection<?> connections) ? new ArrayList<>(connections) : List.of();
    }

    /** The request in service on a connection; {@code null} between two. */
    static @Nullable HttpServerExchange current(HttpServerConnection connection) {
        return (HttpServerExchange) get(CURRENT, connection);
    }

    /** Whether it is known what a connection does. */
    static boolean isTransparent() {
        return CURRENT != null && REQUEST_STATE != null;
    }

    /** Whether a connection's read listener waits for the next request, rather than for the end of one. */
    static boolean isAwaitingRequest(Object readListener) {
        return get(REQUEST_STATE, readListener) instanceof Integer state && state == 0;
    }

    /** How many bytes of a request head have been read. */
    static int headBytes(Object readListener) {
        return (get(HEAD_BYTES, readListener) instanceof Integer count) ? count : 0;
    }

    /** Whether a response was begun on the connection at any time; its writer is in the first state until then. */
    static boolean hasResponded(HttpServerConnection connection) {
        return !(get(RESPONSE_STATE, connection.getResponseConduit()) instanceof Integer state)
                || state != UNUSED_RESPONSE;
    }

    /** How many streams are open; one where it is not known. */
    static int streams(Http2Channel channel) {
        return (get(STREAMS, channel) instanceof Map<?, ?> streams) ? streams.size() : 1;
    }

    /** Up to {@code limit} requests on the open streams, as far as they can be found: each stream's writer knows its own. */
    static List<HttpServerExchange> exchanges(Http2Channel channel, int limit) {
        List<HttpServerExchange> found = new ArrayList<>();
        if (get(STREAMS, channel) instanceof Map<?, ?> streams) {
            for (Object stream : streams.values()) {
                HttpServerExchange exchange =
                        (get(STREAM_SINK, stream) instanceof Http2DataStreamSinkChannel sink) ? captured(sink) : null;
                if (exchange != null) {
                    found.add(exchange);
                }
                if (found.size() == limit) {
                    break;
                }
            }
        }
        return found;
    }

    private static @Nullable HttpServerExchange captured(Http2DataStreamSinkChannel sink) {
        Object trailers = sink.getTrailersProducer();
        if (trailers == null) {
            return null;
        }
        for (Field field : trailers.getClass().getDeclaredFields()) {
            if (field.getType() == HttpServerExchange.class && field.trySetAccessible()) {
                return (HttpServerExchange) get(field, trailers);
            }
        }
        return null;
    }

    /** How many streams are open that have no higher number than {@code last}; one where it is not known. */
    static long streams(Http2Channel channel, int last) {
        return (get(STREAMS, channel) instanceof Map<?, ?> streams)
                ? streams.keySet().stream()
                        .filter((id) -> id instanceof Integer number && number <= last)
                        .count()
                : 1;
    }

    /**
     * Whether the client has yet to end the TLS handshake: with TLS 1.3 Undertow makes the connection before. Not where that
     * is not known.
     */
    static boolean isHandshaking(Http2Channel channel) {
        return get(CONNECTION, channel) instanceof SslConnection connection
                && UndertowXnioSsl.getSslEngine(connection).getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP;
    }

    /** The number of the last stream that the client has opened, zero before the first; -1 where it is not known. */
    static int lastStream(Http2Channel channel) {
        return (get(LAST_STREAM, channel) instanceof Integer number) ? number : -1;
    }

    /** What serves the streams of a connection; {@code null} where no other caller can have it serve one. */
    static @Nullable Http2ReceiveListener receiveListener(Http2Channel channel) {
        Object listener =
                (channel.getReceiveSetter() instanceof ChannelListener.SimpleSetter<?> setter) ? setter.get() : null;
        return (SERVE != null && listener instanceof Http2ReceiveListener serving) ? serving : null;
    }

    /** Serves a stream that has been received. */
    static void serve(Http2ReceiveListener listener, Http2Channel channel, Http2StreamSourceChannel stream)
            throws IOException {
        try {
            if (SERVE != null) {
                SERVE.invoke(listener, channel, stream);
            }
        } catch (ReflectiveOperationException | RuntimeException ex) {
            throw new IOException("Stream " + stream.getStreamId() + " could not be served", ex);
        }
    }

    /** What took the connection over by an upgrade and reads frames from it, or {@code null}. */
    static @Nullable Object framedChannel(StreamConnection connection) {
        Object listener = connection.getSourceChannel().getReadListener();
        boolean framed = listener != null && FRAMED.equals(listener.getClass().getName());
        return framed ? get(FRAMED_CHANNEL, listener) : null;
    }

    private static @Nullable Field find(String type, String name, String without) {
        try {
            return find(Class.forName(type, false, Internals.class.getClassLoader()), name, without);
        } catch (ClassNotFoundException | LinkageError ex) {
            logger.warn("This Undertow has no {}: {}", type, without);
            return null;
        }
    }

    private static @Nullable Field find(Class<?> type, String name, String without) {
        try {
            Field field = type.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException ex) {
            logger.warn("This Undertow has no {}.{}: {}", type.getName(), name, without);
            return null;
        }
    }

    private static @Nullable Method find(Class<?> type, String name, String without, Class<?>... parameters) {
        try {
            Method method = type.getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | RuntimeException ex) {
            logger.warn("This Undertow has no {}.{}: {}", type.getName(), name, without);
            return null;
        }
    }

    private static @Nullable Object get(@Nullable Field field, @Nullable Object target) {
        try {
            return (field != null && target != null) ? field.get(target) : null;
        } catch (ReflectiveOperationException | RuntimeException ex) {
            return null;
        }
    }
}
