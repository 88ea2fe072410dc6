package io.github.springdrain.undertow;

import io.github.springdrain.Http2Farewell;
import io.undertow.protocols.http2.AbstractHttp2StreamSourceChannel;
import io.undertow.protocols.http2.GracefulGoAway;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.protocols.http2.Http2StreamSourceChannel;
import java.io.IOException;
import java.time.Duration;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;

/**
 * One HTTP/2 connection on its way out, once listeners are closed. Undertow has no way to refuse streams and go on with
 * others, so from the moment in which the last stream is named, this takes the place of the listener that serves them.
 * Used by the connection's own thread.
 */
final class Http2Leave implements ChannelListener<Http2Channel> {

    /** Undertow takes it for an attack on itself when it resets more within half a minute, and drops the connection. */
    private static final int REFUSALS = 100;

    /** RFC 9113 section 7. */
    private static final int REFUSED_STREAM = 7;

    private final Http2Farewell farewell = new Http2Farewell();

    private final Http2Channel channel;

    private int last = Integer.MAX_VALUE;

    private int refused;

    private boolean named;

    private boolean over;

    Http2Leave(Http2Channel channel) {
        this.channel = channel;
    }

    /** Whether all was said, FIN included; only the peer's own end is missing. */
    boolean isOver() {
        return this.over;
    }

    /** How many streams are served. */
    int streams() {
        return (int) Access.streams(this.channel, this.last);
    }

    void step(Duration grace, long nowNanos) {
        // What was named was read by this thread, so nothing can come in between.
        switch (this.farewell.next(streams(), this.named, grace, nowNanos)) {
            case NAME_LAST_STREAM -> nameLastStream();
            case CLOSE -> close();
            case WAIT -> {
                // Streams are being served, or may still arrive.
            }
        }
    }

    private void nameLastStream() {
        this.named = true;
        int newest = Access.lastStream(this.channel);
        if (newest < 0) {
            return;
        }
        this.last = newest;
        this.channel.getReceiveSetter().set(this);
        if (streams() > 0) {
            GracefulGoAway.send(this.channel, this.last, false);
        } else {
            close();
        }
    }

    private void close() {
        if (this.over) {
            return;
        }
        this.over = true;
        if (this.last == Integer.MAX_VALUE) {
            this.channel.sendGoAway(Http2Channel.ERROR_NO_ERROR);
        } else {
            GracefulGoAway.send(this.channel, this.last, true);
        }
    }

    /** Something has come: streams are refused, and Undertow has done by itself what any other frame asks for. */
    @Override
    public void handleEvent(Http2Channel source) {
        try {
            AbstractHttp2StreamSourceChannel frame = source.receive();
            if (frame instanceof Http2StreamSourceChannel stream && stream.getStreamId() > this.last) {
                refuse(stream.getStreamId());
            }
        } catch (IOException ex) {
            IoUtils.safeClose(source);
        }
    }

    private void refuse(int streamId) {
        this.refused++;
        if (this.refused > REFUSALS) {
            // Who goes on after two GOAWAYs and so many refusals is not listened to any more, but still answered.
            this.channel.suspendReceives();
        } else if (!this.over) {
            this.channel.sendRstStream(streamId, REFUSED_STREAM);
        }
    }
}
