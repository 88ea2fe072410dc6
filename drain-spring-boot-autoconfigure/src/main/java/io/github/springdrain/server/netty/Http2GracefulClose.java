// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.server.GoAwaySequence;
import io.github.springdrain.server.IdleLimits;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2PingFrame;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;

/** The graceful close of one HTTP/2 connection, from the announcement on. Used by its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures through the pipeline.
final class Http2GracefulClose {

    private static final long PING_DATA = 0x647261696e696e67L;

    private final Channel channel;

    private final Http2FrameCodec codec;

    private final GoAwaySequence sequence;

    /** Since when a stream has had its whole response and not sent the end of its request. */
    private final Map<Channel, Long> responded = new HashMap<>();

    private final Set<Channel> notifiedSockets = new HashSet<>();

    Http2GracefulClose(Channel channel, Http2FrameCodec codec, long bornNanos) {
        this.channel = channel;
        this.codec = codec;
        this.sequence = new GoAwaySequence(bornNanos);
    }

    /** Whether the client has opened a stream. */
    static boolean isUsed(Http2FrameCodec codec) {
        return codec.connection().remote().lastStreamCreated() > 0;
    }

    /** Requests completed; a stream of the client has an odd number. */
    static long completed(Http2FrameCodec codec) {
        int begun = (Math.max(0, codec.connection().remote().lastStreamCreated()) + 1) / 2;
        return Math.max(0, begun - codec.connection().numActiveStreams());
    }

    /**
     * Sends the first GOAWAY: once, and not before it is due. Written past the codec, which would refuse streams from then
     * on.
     */
    void announce(long nowNanos) {
        ChannelHandlerContext context = context();
        if (context != null && this.sequence.isFirstGoAwayDue(isUsed(this.codec), nowNanos)) {
            this.codec
                    .encoder()
                    .frameWriter()
                    .writeGoAway(
                            context,
                            Integer.MAX_VALUE,
                            Http2Error.NO_ERROR.code(),
                            Unpooled.EMPTY_BUFFER,
                            context.newPromise());
            context.flush();
        }
    }

    private @Nullable ChannelHandlerContext context() {
        return this.channel.pipeline().context(this.codec);
    }

    /** Takes the next step towards the end of the connection, once listeners are closed. */
    void step(List<Channel> streams, IdleLimits limits, long nowNanos) {
        announce(nowNanos);
        ping();
        resetResponded(streams, limits, nowNanos);
        notifySockets(streams);
        int active = this.codec.connection().numActiveStreams();
        switch (this.sequence.next(isUsed(this.codec), active, limits, nowNanos)) {
            // Netty names the last stream, refuses those behind it, and closes when the others have ended.
            case NAME_LAST_STREAM, CLOSE -> this.channel.close();
            case WAIT -> {
                // Streams are being served, or may still arrive.
            }
        }
    }

    private void ping() {
        ChannelHandlerContext context = context();
        if (context == null || !this.sequence.isPingDue()) {
            return;
        }
        this.channel.pipeline().addAfter(context.name(), null, new PingWatch());
        this.codec.encoder().writePing(context, false, PING_DATA, context.newPromise());
        context.flush();
    }

    /** Reactor Netty waits for the end of such a request without a limit. */
    private void resetResponded(List<Channel> streams, IdleLimits limits, long nowNanos) {
        this.responded.keySet().retainAll(streams);
        for (Channel stream : streams) {
            if (ChannelOperations.get(stream) != null) {
                this.responded.remove(stream);
            } else if (nowNanos - this.responded.computeIfAbsent(stream, (key) -> nowNanos)
                    >= limits.stallTimeout().toNanos()) {
                reset(stream);
            }
        }
    }

    /** RFC 9113 section 8.1: the response is complete, and the rest of the request is not wanted. */
    private static void reset(Channel stream) {
        ChannelHandlerContext context = stream.pipeline().context(NettyPipeline.H2ToHttp11Codec);
        if (context != null) {
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
    }

    private void notifySockets(List<Channel> streams) {
        for (Channel stream : streams) {
            if (WebSockets.isWebSocket(stream) && this.notifiedSockets.add(stream)) {
                WebSockets.sendClose(stream);
            }
        }
    }

    /** Sees the acknowledgement of our own PING, and takes it out of the pipeline. */
    private final class PingWatch extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2PingFrame ping && ping.ack() && ping.content() == PING_DATA) {
                Http2GracefulClose.this.sequence.acknowledged();
                context.pipeline().remove(this);
            } else {
                context.fireChannelRead(message);
            }
        }
    }
}
