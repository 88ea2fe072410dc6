// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Frame;
import org.jspecify.annotations.Nullable;

/** Sees the requests of one connection as they are decoded. Used by its event loop; scans may read from outside. */
final class RequestWatch extends ChannelInboundHandlerAdapter {

    /** A client may send an empty line behind a body (RFC 9112 section 2.2): that is no request. */
    private static final int EMPTY_LINE_BYTES = 2;

    private final Reads reads;

    private int requests;

    /** The last request, until it has been read to its end and its response been written. */
    private @Nullable HttpRequest last;

    private boolean responded;

    private boolean bodyPending;

    private long bodyRead;

    private long readsAtEnd;

    RequestWatch(Reads reads) {
        this.reads = reads;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            this.requests++;
            this.last = request;
            this.responded = false;
            this.bodyPending = true;
            this.bodyRead = 0;
        }
        if (message instanceof HttpContent content) {
            this.bodyRead += content.content().readableBytes();
        }
        if (message instanceof LastHttpContent) {
            this.bodyPending = false;
            this.readsAtEnd = this.reads.count();
            forget();
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
        HttpRequest request = this.bodyPending ? this.last : null;
        if (request != null && (request.decoderResult().isFailure() || HttpUtil.isTransferEncodingChunked(request))) {
            // Where its body ends is not known.
            return false;
        }
        long bodyLeft = (request != null) ? HttpUtil.getContentLength(request, 0L) - this.bodyRead : 0;
        return this.reads.undecoded() - bodyLeft > EMPTY_LINE_BYTES;
    }

    /**
     * Whether the client has said that it sends no further request (RFC 9112 section 9.6), and has sent the last one to its
     * end. The response to a request without a body may be written before its end is decoded.
     */
    boolean isLastComplete() {
        HttpRequest request = this.last;
        if (request == null || request.decoderResult().isFailure() || HttpUtil.isKeepAlive(request)) {
            return false;
        }
        return this.bodyPending ? !hasBody(request) : !hasReadMore();
    }

    private static boolean hasBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) != 0;
    }

    /** The response to the last request has been written. */
    void responded() {
        this.responded = true;
        forget();
    }

    /** A connection that waits for the next request does not hold the last one. */
    private void forget() {
        if (this.responded && !this.bodyPending) {
            this.last = null;
        }
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
