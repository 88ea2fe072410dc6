package io.github.springdrain.server.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Frame;

/** Sees the requests of one connection as they are decoded. Used by its event loop; scans may read from outside. */
final class RequestWatch extends ChannelInboundHandlerAdapter {

    /** A client may send an empty line behind a body (RFC 9112 section 2.2): that is no request. */
    private static final int EMPTY_LINE_BYTES = 2;

    private final ReadCounter reads;

    private int requests;

    private boolean bodyPending;

    /** Bytes of the body that are still to come; -1 where the request does not say. */
    private long bodyLeft;

    private long readsAtEnd;

    RequestWatch(ReadCounter reads) {
        this.reads = reads;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            this.requests++;
            this.bodyPending = true;
            this.bodyLeft = HttpUtil.isTransferEncodingChunked(request) ? -1 : HttpUtil.getContentLength(request, 0L);
        }
        if (message instanceof HttpContent content && this.bodyLeft > 0) {
            this.bodyLeft -= content.content().readableBytes();
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

    /** Whether bytes of another request were read together with the last one, and have not been decoded yet. */
    boolean isFollowed() {
        boolean known = !this.bodyPending || this.bodyLeft >= 0;
        long left = this.bodyPending ? this.bodyLeft : 0;
        return known && this.reads.undecoded() - left > EMPTY_LINE_BYTES;
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
