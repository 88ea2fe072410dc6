// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.server.IdleLimits;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that speaks HTTP/2. */
final class Http2Connection extends OpenConnection.Framed {

    private static final AttachmentKey<Http2GracefulClose> GRACEFUL_CLOSE =
            AttachmentKey.create(Http2GracefulClose.class);

    /** A client can open as many as it likes before a drain begins. */
    private static final int NAMED_REQUESTS = 1000;

    private final Http2Channel channel;

    Http2Connection(Http2Channel channel) {
        super(channel);
        this.channel = channel;
    }

    @Override
    public @Nullable ConnectionState state() {
        if (!isOpen() || this.channel.isThisGoneAway()) {
            return null;
        }
        Http2GracefulClose close = this.channel.getAttachment(GRACEFUL_CLOSE);
        if (close != null && close.isOver()) {
            return null;
        }
        if (Internals.isHandshaking(this.channel)) {
            return ConnectionState.HANDSHAKE;
        }
        return (streams() > 0) ? ConnectionState.IN_SERVICE : ConnectionState.IDLE;
    }

    /** Those that are served: one that was opened behind the last GOAWAY is not. */
    private int streams() {
        Http2GracefulClose close = this.channel.getAttachment(GRACEFUL_CLOSE);
        return (close != null) ? close.streams() : Internals.streams(this.channel);
    }

    @Override
    public long progress() {
        return streams();
    }

    @Override
    public String protocol() {
        return "HTTP/2";
    }

    @Override
    public List<RequestSnapshot> requests() {
        return RequestSnapshots.ofStreams(
                Internals.exchanges(this.channel, NAMED_REQUESTS), Math.min(NAMED_REQUESTS, streams()));
    }

    @Override
    public void abort(ConnectionState state) {
        List<HttpServerExchange> exchanges = Internals.exchanges(this.channel, Integer.MAX_VALUE);
        super.abort(state);
        exchanges.forEach(ServingThread::interrupt);
    }

    /** GOAWAY(2^31-1): streams that the client has opened, or is opening right now, are served. */
    @Override
    public void notifyClient() {
        // It is new from the end of the handshake on.
        if (!Internals.isHandshaking(this.channel)) {
            gracefulClose().announce(System.nanoTime());
        }
    }

    /** The drain was resumed: another one begins anew with the connection. */
    void resume() {
        Http2GracefulClose close = this.channel.removeAttachment(GRACEFUL_CLOSE);
        if (close != null) {
            close.resume();
        }
    }

    /** Takes the next step towards the end of the connection. */
    void stepTowardsClose(IdleLimits limits, long nowNanos) {
        gracefulClose().step(limits, nowNanos);
    }

    private Http2GracefulClose gracefulClose() {
        Http2GracefulClose close = this.channel.getAttachment(GRACEFUL_CLOSE);
        if (close == null) {
            close = new Http2GracefulClose(this.channel);
            this.channel.putAttachment(GRACEFUL_CLOSE, close);
        }
        return close;
    }

    /** Has its own graceful close, once there is a handshake. */
    @Override
    public void endIdle(ConnectionState state) {
        if (state == ConnectionState.HANDSHAKE) {
            super.abort(state);
        }
    }
}
