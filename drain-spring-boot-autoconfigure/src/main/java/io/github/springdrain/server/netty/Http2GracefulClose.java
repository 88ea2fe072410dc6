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

/** One HTTP/2 connection on its way out, from the announcement on. Used by its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failures through the pipeline.
final class Http2GracefulClose {

    private static final long QUESTION = 0x647261696e696e67L;

    private final Channel channel;

    private final Http2FrameCodec codec;

    private final GoAwaySequence farewell;

    /** Since when a stream has had its whole response and not sent the end of its request. */
    private final Map<Channel, Long> answered = new HashMap<>();

    private final Set<Channel> toldSockets = new HashSet<>();

    private boolean told;

    private boolean asked;

    private boolean heard;

    Http2GracefulClose(Channel channel, Http2FrameCodec codec, long bornNanos) {
        this.channel = channel;
        this.codec = codec;
        this.farewell = new GoAwaySequence(bornNanos);
    }

    /** Whether the peer has opened a stream. */
    static boolean isUsed(Http2FrameCodec codec) {
        return codec.connection().remote().lastStreamCreated() > 0;
    }

    /** Requests completed; a stream of the client has an odd number. */
    static long completed(Http2FrameCodec codec) {
        int begun = (Math.max(0, codec.connection().remote().lastStreamCreated()) + 1) / 2;
        return Math.max(0, begun - codec.connection().numActiveStreams());
    }

    /**
     * Tells the peer that a last stream will follow: once, and not before it may be told. Written past the codec, which
     * would refuse streams from then on.
     */
    void announce(long nowNanos) {
        ChannelHandlerContext context = context();
        if (!this.told && context != null && this.farewell.isTimeToTell(isUsed(this.codec), nowNanos)) {
            this.told = true;
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
        ask();
        endAnswered(streams, limits, nowNanos);
        tellSockets(streams);
        int active = this.codec.connection().numActiveStreams();
        switch (this.farewell.next(isUsed(this.codec), active, this.heard, limits, nowNanos)) {
            // Netty names the last stream, refuses those behind it, and closes when the others have ended.
            case NAME_LAST_STREAM, CLOSE -> {
                this.heard = true;
                this.channel.close();
            }
            case WAIT -> {
                // Streams are being served, or may still arrive.
            }
        }
    }

    /** The answer comes behind every stream that the peer has opened before it has read the first GOAWAY. */
    private void ask() {
        ChannelHandlerContext context = context();
        if (this.asked || !this.told || context == null) {
            return;
        }
        this.asked = true;
        this.channel.pipeline().addAfter(context.name(), null, new PingWatch());
        this.codec.encoder().writePing(context, false, QUESTION, context.newPromise());
        context.flush();
    }

    /** Reactor Netty waits for the end of such a request for ever. */
    private void endAnswered(List<Channel> streams, IdleLimits limits, long nowNanos) {
        this.answered.keySet().retainAll(streams);
        for (Channel stream : streams) {
            if (ChannelOperations.get(stream) != null) {
                this.answered.remove(stream);
            } else if (nowNanos - this.answered.computeIfAbsent(stream, (key) -> nowNanos)
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

    private void tellSockets(List<Channel> streams) {
        for (Channel stream : streams) {
            if (WebSockets.isWebSocket(stream) && this.toldSockets.add(stream)) {
                WebSockets.tell(stream);
            }
        }
    }

    /** Sees the answer to our own question, and takes it out of the pipeline. */
    private final class PingWatch extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Http2PingFrame ping && ping.ack() && ping.content() == QUESTION) {
                Http2GracefulClose.this.heard = true;
                context.pipeline().remove(this);
            } else {
                context.fireChannelRead(message);
            }
        }
    }
}
