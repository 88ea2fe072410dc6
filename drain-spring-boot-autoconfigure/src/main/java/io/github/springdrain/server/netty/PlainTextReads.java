package io.github.springdrain.server.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Counts what TLS has decrypted: a part of a handshake, or of a record, is no part of a request. */
final class PlainTextReads extends ChannelInboundHandlerAdapter {

    private final Reads reads;

    PlainTextReads(Reads reads) {
        this.reads = reads;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        this.reads.fire(context, message);
    }
}
