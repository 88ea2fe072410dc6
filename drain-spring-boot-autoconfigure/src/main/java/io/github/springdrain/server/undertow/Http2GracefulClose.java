// SPDX-License-Identifier: Apache-2.0
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
 * The graceful close of one HTTP/2 connection, from the announcement on. Undertow reports no acknowledgement of a PING and
 * cannot refuse streams while it goes on with others, so this takes the place of the listener that serves streams. Used by
 * the connection's own thread, which also reads it: nothing comes in between.
 */
final class Http2GracefulClose implements ChannelListener<Http2Channel> {

    /** Undertow takes it for an attack on itself when it resets more within half a minute, and drops the connection. */
    private static final int REFUSALS = 100;

    /**
     * Undertow takes as many streams as a client opens, whatever limit it announces, and keeps two kilobytes of each. A drain must not run out of memory over them; no client in its right mind has as many open at a time.
     */
    private static final int STREAMS = 1000;

    /** RFC 9113 section 7. */
    private static final int REFUSED_STREAM = 7;

    private static final byte[] PING_DATA = {'d', 'r', 'a', 'i', 'n', 'i', 'n', 'g'};

    private final GoAwaySequence sequence = new GoAwaySequence(System.nanoTime());

    private final Http2Channel channel;

    private @Nullable Http2ReceiveListener serving;

    private int last = Integer.MAX_VALUE;

    private int refused;

    private boolean over;

    Http2GracefulClose(Http2Channel channel) {
        this.channel = channel;
    }

    /** Whether everything has been sent, FIN included; only the client's own end is missing. */
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

    /** Sends the first GOAWAY: once, and not before it is due. */
    void announce(long nowNanos) {
        if (this.sequence.isFirstGoAwayDue(isUsed(), nowNanos)) {
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
    void resume() {
        if (this.serving != null) {
            this.channel.getReceiveSetter().set(this.serving);
            this.channel.resumeReceives();
        }
    }

    /** Takes the next step towards the end of the connection, once listeners are closed. */
    void step(IdleLimits limits, long nowNanos) {
        announce(nowNanos);
        ping();
        switch (this.sequence.next(isUsed(), streams(), limits, nowNanos)) {
            case NAME_LAST_STREAM -> nameLastStream();
            case CLOSE -> close();
            case WAIT -> {
                // Streams are being served, or may still arrive.
            }
        }
    }

    private void ping() {
        if (this.serving != null && this.sequence.isPingDue()) {
            this.channel.sendPing(PING_DATA);
        }
    }

    private void nameLastStream() {
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
            } else if (frame instanceof Http2PingStreamSourceChannel ping
                    && ping.isAck()
                    && Arrays.equals(ping.getData(), PING_DATA)) {
                this.sequence.acknowledged();
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
            // A client that goes on after so many refusals is not read from any more, but still gets its responses.
            this.channel.suspendReceives();
        } else if (!this.over) {
            this.channel.sendRstStream(streamId, REFUSED_STREAM);
        }
    }
}
