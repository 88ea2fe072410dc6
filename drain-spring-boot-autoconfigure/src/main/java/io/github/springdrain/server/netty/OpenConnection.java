// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.server.CloseAdvertisement;
import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.linger.LingerPolicy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerResponse;

/** One connection that its event loop reads from. Used by that; a scan may look at it from outside where it is blocked. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures through the pipeline.
final class OpenConnection {

    private final Channel channel;

    private final String eventLoop = Thread.currentThread().getName();

    /** When the client could send its first request: with TLS, at the end of the handshake. */
    private long bornNanos = System.nanoTime();

    private final boolean secure;

    private final LingerHandler linger;

    /** What comes from the socket. */
    private final Reads socketReads;

    /** The same, or what TLS has decrypted of it. */
    private final Reads reads;

    private final RequestWatch requests;

    private final ResponseWatch responses;

    private @Nullable ConnectionProgress clock;

    private @Nullable Http2GracefulClose gracefulClose;

    private OpenConnection(Channel channel, CloseAdvertisement announcement, LingerPolicy policy) {
        this.channel = channel;
        this.secure = channel.pipeline().get(NettyPipeline.SslHandler) != null;
        this.socketReads = new Reads(announcement);
        this.reads = this.secure ? new Reads(announcement) : this.socketReads;
        this.linger = new LingerHandler(policy, this.socketReads, this::isInputExpected, this::isInputComplete);
        this.requests = new RequestWatch(this.reads);
        this.responses = new ResponseWatch(announcement, this.requests);
    }

    /** Takes part in a connection whose pipeline has just been made; called by its event loop. */
    static OpenConnection install(Channel channel, CloseAdvertisement announcement, LingerPolicy policy) {
        OpenConnection connection = new OpenConnection(channel, announcement, policy);
        ChannelPipeline pipeline = channel.pipeline();
        if (connection.secure) {
            pipeline.addAfter(NettyPipeline.SslHandler, null, new Reads.Decrypted(connection.reads));
        }
        pipeline.addFirst(connection.linger);
        if (pipeline.get(NettyPipeline.HttpTrafficHandler) == null
                && pipeline.get(NettyPipeline.H2OrHttp11Codec) != null) {
            pipeline.addBefore(NettyPipeline.ReactiveBridge, null, new ProtocolWatch(connection));
        } else {
            connection.watchHttp1();
        }
        return connection;
    }

    /** Does nothing where the connection speaks HTTP/2 from the start. */
    void watchHttp1() {
        ChannelPipeline pipeline = this.channel.pipeline();
        if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
            pipeline.addBefore(NettyPipeline.HttpTrafficHandler, null, this.requests);
            pipeline.addAfter(NettyPipeline.HttpTrafficHandler, null, this.responses);
        }
    }

    Channel channel() {
        return this.channel;
    }

    EventLoop loop() {
        return this.channel.eventLoop();
    }

    boolean isHttp2() {
        return http2() != null;
    }

    private @Nullable Http2FrameCodec http2() {
        return this.channel.pipeline().get(Http2FrameCodec.class);
    }

    /** Requests completed on this connection; may be called by any thread. */
    long completed() {
        Http2FrameCodec codec = http2();
        return this.responses.completed() + ((codec != null) ? Http2GracefulClose.completed(codec) : 0);
    }

    private boolean isInputExpected() {
        return this.requests.isBodyPending() || WebSockets.isWebSocket(this.channel);
    }

    /** With TLS the client still sends its close_notify. */
    private boolean isInputComplete() {
        return !this.secure && this.requests.isLastComplete();
    }

    /** What the connection is doing; {@code null} if it lingers or has gone. */
    @Nullable ConnectionState state(Http2Streams streams) {
        if (!this.channel.isActive() || this.linger.isLingering()) {
            return this.linger.isDeciding() ? ConnectionState.RESPONDING : null;
        }
        if (this.secure && isHandshaking()) {
            return (this.socketReads.count() == 0) ? ConnectionState.NEW : ConnectionState.HANDSHAKE;
        }
        Http2FrameCodec codec = http2();
        return (codec != null) ? http2State(codec, streams) : http1State();
    }

    private boolean isHandshaking() {
        SslHandler handler = this.channel.pipeline().get(SslHandler.class);
        return handler == null || !handler.handshakeFuture().isDone();
    }

    private ConnectionState http2State(Http2FrameCodec codec, Http2Streams streams) {
        int active = codec.connection().numActiveStreams();
        if (active == 0) {
            return Http2GracefulClose.isUsed(codec) ? ConnectionState.IDLE : ConnectionState.NEW;
        }
        List<Channel> known = streams.of(this.channel);
        boolean responding = known.size() >= active && known.stream().allMatch(OpenConnection::isResponding);
        return responding ? ConnectionState.RESPONDING : ConnectionState.IN_SERVICE;
    }

    /** Whether the response was begun, or is complete. */
    private static boolean isResponding(Channel stream) {
        ChannelOperations<?, ?> operations = ChannelOperations.get(stream);
        return operations == null || (operations instanceof HttpServerResponse response && response.hasSentHeaders());
    }

    private ConnectionState http1State() {
        if (WebSockets.isWebSocket(this.channel)) {
            return ConnectionState.UPGRADED;
        }
        if (ChannelOperations.get(this.channel) instanceof HttpServerResponse response) {
            return response.hasSentHeaders() ? ConnectionState.RESPONDING : ConnectionState.IN_SERVICE;
        }
        if (this.requests.requests() == 0) {
            return (this.reads.count() == 0) ? ConnectionState.NEW : ConnectionState.READING_HEAD;
        }
        if (this.requests.requests() > this.responses.begun()) {
            return ConnectionState.IN_SERVICE;
        }
        boolean idle = this.requests.isBodyPending() || !this.requests.hasReadMore();
        return idle ? ConnectionState.IDLE : ConnectionState.READING_HEAD;
    }

    /** Changes whenever the connection gets on within its state; what is read of a body that is not wanted does not count. */
    long progress(ConnectionState state) {
        return switch (state) {
            case IDLE -> this.requests.requests();
            case HANDSHAKE -> this.socketReads.count();
            default -> this.reads.count();
        };
    }

    ConnectionSnapshot snapshot(ConnectionState state, Http2Streams streams, boolean blocked) {
        return new ConnectionSnapshot(
                state, String.valueOf(this.channel.remoteAddress()), protocol(), served(streams, blocked));
    }

    private String protocol() {
        if (isHttp2()) {
            return "HTTP/2";
        }
        return WebSockets.isWebSocket(this.channel) ? "websocket" : "HTTP/1.1";
    }

    /** The thread is named only where it is held: what an event loop serves is nowhere else at work. */
    private List<RequestSnapshot> served(Http2Streams streams, boolean blocked) {
        String thread = blocked ? this.eventLoop : null;
        Duration longest = Duration.ofNanos(System.nanoTime() - this.bornNanos);
        Http2FrameCodec codec = http2();
        if (codec != null) {
            return RequestSnapshots.ofStreams(
                    streams.of(this.channel), codec.connection().numActiveStreams(), longest, thread);
        }
        RequestSnapshot request =
                WebSockets.isWebSocket(this.channel) ? null : RequestSnapshots.of(this.channel, longest, thread);
        return (request != null) ? List.of(request) : List.of();
    }

    /** Sends an HTTP/2 client the first GOAWAY. */
    void announce() {
        Http2FrameCodec codec = http2();
        if (codec != null) {
            gracefulClose(codec).announce(System.nanoTime());
        }
    }

    private Http2GracefulClose gracefulClose(Http2FrameCodec codec) {
        Http2GracefulClose known = this.gracefulClose;
        if (known == null) {
            known = new Http2GracefulClose(this.channel, codec, this.bornNanos);
            this.gracefulClose = known;
        }
        return known;
    }

    /** The drain was resumed: another one begins anew with the connection. */
    void resume() {
        this.gracefulClose = null;
    }

    /** Takes the next step towards the end of an HTTP/2 connection; {@code false} where it speaks something else. */
    boolean closeHttp2(ConnectionState state, Http2Streams streams, IdleLimits limits, long nowNanos) {
        Http2FrameCodec codec = http2();
        if (codec == null || state == ConnectionState.HANDSHAKE) {
            return false;
        }
        gracefulClose(codec).step(streams.of(this.channel), limits, nowNanos);
        return true;
    }

    /** Since when it has been seen in the same state. */
    ConnectionProgress clock() {
        ConnectionProgress known = this.clock;
        if (known == null) {
            known = new ConnectionProgress();
            this.clock = known;
        }
        return known;
    }

    /** A FIN would make a response look complete where only the end of the connection delimits it. */
    void abort(ConnectionState state) {
        if (state == ConnectionState.RESPONDING) {
            try {
                this.channel.config().setOption(ChannelOption.SO_LINGER, 0);
            } catch (ChannelException ex) {
                // Closed by the peer.
            }
        }
        this.linger.abort();
    }

    /** Waits for the end of a TLS handshake, which decides on the protocol and so on the handlers of the connection. */
    private static final class ProtocolWatch extends ChannelInboundHandlerAdapter {

        private final OpenConnection connection;

        ProtocolWatch(OpenConnection connection) {
            this.connection = connection;
        }

        /** Comes behind the handler that has set the protocol up. */
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent) {
                this.connection.bornNanos = System.nanoTime();
                this.connection.watchHttp1();
                context.pipeline().remove(this);
            }
            context.fireUserEventTriggered(event);
        }
    }
}
