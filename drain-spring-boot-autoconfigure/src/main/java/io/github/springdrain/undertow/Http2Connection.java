package io.github.springdrain.undertow;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import io.undertow.protocols.http2.GracefulGoAway;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.server.HttpServerExchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that speaks HTTP/2. */
final class Http2Connection extends FramedConnection {

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
        return (Access.streams(this.channel) > 0) ? ConnectionState.IN_SERVICE : ConnectionState.IDLE;
    }

    @Override
    public long progress() {
        return Access.streams(this.channel);
    }

    @Override
    public String protocol() {
        return "HTTP/2";
    }

    @Override
    public List<RequestSnapshot> requests() {
        return RequestSnapshots.ofStreams(Access.exchanges(this.channel), Access.streams(this.channel));
    }

    @Override
    public void abort(ConnectionState state) {
        List<HttpServerExchange> exchanges = Access.exchanges(this.channel);
        super.abort(state);
        exchanges.forEach(ServingThread::interrupt);
    }

    /** Streams that the client has opened, or is opening right now, are served. */
    @Override
    public void tell() {
        GracefulGoAway.send(this.channel);
    }

    /** The last GOAWAY names the last stream that was served, and closes. */
    @Override
    public void endIdle(ConnectionState state) {
        if (Access.streams(this.channel) == 0) {
            this.channel.sendGoAway(Http2Channel.ERROR_NO_ERROR);
        }
    }
}
