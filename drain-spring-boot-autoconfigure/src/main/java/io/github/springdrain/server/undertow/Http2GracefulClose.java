package io.github.springdrain.server.undertow;

import io.github.springdrain.server.GoAwaySequence;
import io.github.springdrain.server.IdleLimits;
import io.undertow.protocols.http2.AbstractHttp2StreamSourceChannel;
import io.undertow.protocols.http2.GracefulGoAway;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.protocols.http2.Http2PingStreamSourceChannel;
import io.undertow.protocols.http2.Http2StreamSourceChannel;
import io.undertow.server.protocol.http2.Http2ReceiveListener;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;

/**
 * One HTTP/2 connection on its way out, from the announcement on. Undertow tells nobody of answers to a PING and has no way
 * to refuse streams while it goes on with others, so this takes the place of the listener that serves streams. Used by the
 * connection's own thread, which also reads it: nothing comes in between.
 */
final class Http2GracefulClose implements ChannelListener<Http2Channel> {

    /** Undertow takes it for an attack on itself when it resets more within half a minute, and drops the connection. */
    private static final int REFUSALS = 100;

    /**
     * Undertow takes as many streams as a peer opens, whatever limit it has been told to announce, and keeps two kilobytes
     * of each. A drain must not run out of memory over them; no client in its right mind has as many open at a time.
     */
    private static final int STREAMS = 1000;

    /** RFC 9113 section 7. */
    private static final int REFUSED_STREAM = 7;

    private static final byte[] QUESTION = {'d', 'r', 'a', 'i', 'n', 'i', 'n', 'g'};

    private final GoAwaySequence farewell = new GoAwaySequence(System.nanoTime());

    private final Http2Channel channel;

    private @Nullable Http2ReceiveListener serving;

    private int last = Integer.MAX_VALUE;

    private int refused;

    private boolean told;

    private boolean asked;

    private boolean answered;

    private boolean named;

    private boolean over;

    Http2GracefulClose(Http2Channel channel) {
        this.channel = channel;
    }

    /** Whether all was said, FIN included; only the peer's own end is missing. */
    boolean isOver() {
        return this.over;
    }

    /** How many streams are served. */
    int streams() {
        return (int) Internals.streams(this.channel, this.last);
    }

    private boolean isUsed() {
        return Internals.lastStream(this.channel) != 0;
    }

    /** Tells the peer that a last stream will follow: once, and not before it may be told. */
    void announce(long nowNanos) {
        if (!this.told && this.farewell.isTimeToTell(isUsed(), nowNanos)) {
            this.told = true;
            takePlace();
            GracefulGoAway.send(this.channel, Integer.MAX_VALUE, false);
        }
    }

    private void takePlace() {
        this.serving = Internals.receiveListener(this.channel);
        if (this.serving != null) {
            this.channel.getReceiveSetter().set(this);
        }
    }

    /** The connection stays: Undertow serves its streams as before. */
    void takeBack() {
        if (this.serving != null) {
            this.channel.getReceiveSetter().set(this.serving);
            this.channel.resumeReceives();
        }
    }

    /** Takes the next step towards the end of the connection, once listeners are closed. */
    void step(IdleLimits limits, long nowNanos) {
        announce(nowNanos);
        ask();
        boolean heard = this.answered || this.named;
        switch (this.farewell.next(isUsed(), streams(), heard, limits, nowNanos)) {
            case NAME_LAST_STREAM -> nameLastStream();
            case CLOSE -> close();
            case WAIT -> {
                // Streams are being served, or may still arrive.
            }
        }
    }

    /** The answer comes behind every stream that the peer has opened before it has read the first GOAWAY. */
    private void ask() {
        if (!this.asked && this.serving != null) {
            this.asked = true;
            this.channel.sendPing(QUESTION);
        }
    }

    private void nameLastStream() {
        this.named = true;
        int newest = Internals.lastStream(this.channel);
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

    /** Something has come: Undertow has done by itself what any other frame asks for. */
    @Override
    public void handleEvent(Http2Channel source) {
        try {
            AbstractHttp2StreamSourceChannel frame = source.receive();
            if (frame instanceof Http2StreamSourceChannel stream) {
                take(source, stream);
            } else if (frame instanceof Http2PingStreamSourceChannel ping && ping.isAck()) {
                this.answered |= Arrays.equals(ping.getData(), QUESTION);
            }
        } catch (IOException ex) {
            IoUtils.safeClose(source);
        }
    }

    private void take(Http2Channel source, Http2StreamSourceChannel stream) throws IOException {
        if (stream.getStreamId() > this.last || isFull()) {
            refuse(stream.getStreamId());
        } else if (this.serving != null) {
            Internals.serve(this.serving, source, stream);
        }
    }

    private boolean isFull() {
        return Internals.streams(this.channel) > Math.max(STREAMS, 2 * this.channel.getReceiveMaxConcurrentStreams());
    }

    private void refuse(int streamId) {
        this.refused++;
        if (this.refused > REFUSALS) {
            // Who goes on after so many refusals is not listened to any more, but still answered.
            this.channel.suspendReceives();
        } else if (!this.over) {
            this.channel.sendRstStream(streamId, REFUSED_STREAM);
        }
    }
}
