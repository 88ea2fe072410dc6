// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.server.CloseAdvertisement;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Advertises the close on the responses of one connection while a drain wants that. Reactor Netty then ends the connection
 * behind the response. Used by its event loop; scans may read from outside.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures through the pipeline.
final class ResponseWatch extends ChannelOutboundHandlerAdapter {

    private final CloseAdvertisement announcement;

    private final RequestWatch requests;

    private final AtomicInteger completed = new AtomicInteger();

    private int begun;

    private int heldBack;

    ResponseWatch(CloseAdvertisement announcement, RequestWatch requests) {
        this.announcement = announcement;
        this.requests = requests;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response && isFinal(response)) {
            this.begun++;
            // Reactor Netty throws away the requests that are queued behind a response with this header.
            if (!isHeldBack() && isAdvertised(response)) {
                response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
        }
        if (message instanceof LastHttpContent) {
            this.completed.lazySet(this.completed.getPlain() + 1);
        }
        context.write(message, promise);
    }

    /** Reactor Netty closes a connection while its last response is flushed. */
    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (completed() == this.requests.requests()) {
            this.requests.responded();
        }
    }

    /** Whether another request was read already. A client that always has one is notified in the end. */
    private boolean isHeldBack() {
        if (this.begun < this.requests.requests()) {
            return true;
        }
        if (this.heldBack < CloseAdvertisement.LONGEST_PIPELINE
                && this.announcement.isForAny()
                && this.requests.isFollowed()) {
            this.heldBack++;
            return true;
        }
        return false;
    }

    private static boolean isFinal(HttpResponse response) {
        return response.status().codeClass() != HttpStatusClass.INFORMATIONAL || isUpgrade(response);
    }

    private static boolean isUpgrade(HttpResponse response) {
        return response.status().code() == 101;
    }

    private boolean isAdvertised(HttpResponse response) {
        return !isUpgrade(response) && this.announcement.isForNext();
    }

    /** Responses begun. */
    int begun() {
        return this.begun;
    }

    /** Responses written in whole. */
    int completed() {
        return this.completed.get();
    }
}
