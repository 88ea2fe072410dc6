package io.github.springdrain.server.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Frame;

/** Sees the requests of one connection as they are decoded. Used by its event loop; scans may read from outside. */
final class RequestWatch extends ChannelInboundHandlerAdapter {

    private final ReadCounter reads;

    private int requests;

    private boolean bodyPending;

    private long readsAtEnd;

    RequestWatch(ReadCounter reads) {
        this.reads = reads;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            this.requests++;
            this.bodyPending = true;
        }
        if (message instanceof LastHttpContent) {
            this.bodyPending = false;
            this.readsAtEnd = this.reads.count();
        }
        boolean left = message instanceof Http2Frame;
        context.fireChannelRead(message);
        if (left) {
            context.pipeline().remove(this);
        }
    }

    /** Requests begun. */
    int requests() {
        return this.requests;
    }

    /** Whether the body of the last request has not been read to its end. */
    boolean isBodyPending() {
        return this.bodyPending;
    }

    /** Whether something was read behind the end of the last request: the head of the next one. */
    boolean hasReadMore() {
        return this.reads.count() != this.readsAtEnd;
    }
}
