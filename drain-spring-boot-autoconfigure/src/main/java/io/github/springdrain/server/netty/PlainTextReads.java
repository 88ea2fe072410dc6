package io.github.springdrain.server.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts what TLS has decrypted: a part of a handshake, or of a record, is no part of a request. */
final class PlainTextReads extends ChannelInboundHandlerAdapter implements ReadCounter {

    private long count;

    private final PresentRead present;

    PlainTextReads(PresentRead present) {
        this.present = present;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        this.count++;
        this.present.fire(context, message);
    }

    @Override
    public long count() {
        return this.count;
    }

    @Override
    public int undecoded() {
        return this.present.undecoded();
    }
}
