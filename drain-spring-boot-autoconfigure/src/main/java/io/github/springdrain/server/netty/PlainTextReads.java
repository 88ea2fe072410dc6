package io.github.springdrain.server.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** Counts what TLS has decrypted: a part of a handshake, or of a record, is no part of a request. */
final class PlainTextReads extends ChannelInboundHandlerAdapter implements ReadCounter {

    private long count;

    private @Nullable Object present;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        this.count++;
        this.present = message;
        context.fireChannelRead(message);
        this.present = null;
    }

    @Override
    public long count() {
        return this.count;
    }

    @Override
    public int undecoded() {
        return undecoded(this.present);
    }

    /** A decoder that has nothing left of an earlier read moves the index of the very buffer that was read. */
    static int undecoded(@Nullable Object present) {
        return (present instanceof ByteBuf bytes && bytes.refCnt() > 0) ? bytes.readableBytes() : 0;
    }
}
