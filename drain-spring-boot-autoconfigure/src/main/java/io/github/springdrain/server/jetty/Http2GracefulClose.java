// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.GoAwaySequence;
import io.github.springdrain.server.IdleLimits;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/**
 * One HTTP/2 connection on its way out, from the announcement on: what is sent on it, each notice with a PING behind it
 * whose response shows that it has been read. Used by the drain's thread; from the first question on it also hears of
 * every frame, on the one thread that parses the connection. Does not hold the session, which leads to this object.
 */
final class Http2GracefulClose implements HTTP2Session.FrameListener {

    /** Distinguishes our pings from others'. */
    private static final long MARK = 0x64726169L << Integer.SIZE;

    /**
     * Jetty makes the connection in the middle of the TLS handshake, and keeps no note of its end, from which on the client
     * may send its first request. It may have come just now if the connection is younger than this.
     */
    private static final long HANDSHAKE_MILLIS = 5000;

    private final GoAwaySequence sequence;

    private final AtomicInteger written = new AtomicInteger();

    private boolean announced;

    private int sent;

    private int asked;

    private boolean listening;

    private volatile int confirmed;

    private int newestStream;

    private boolean lastStreamNamed;

    private Http2GracefulClose(EndPoint endPoint, Connection connection, boolean handshakeSeen) {
        long ageMillis = Math.max(0, System.currentTimeMillis() - connection.getCreatedTimeStamp());
        boolean fresh = handshakeSeen || (Connections.isSecure(endPoint) && ageMillis < HANDSHAKE_MILLIS);
        long ageNanos = fresh ? 0 : TimeUnit.MILLISECONDS.toNanos(ageMillis);
        this.sequence = new GoAwaySequence(System.nanoTime() - ageNanos);
    }

    /** Notifies the peer that a last stream will follow: once, and not before it may be notified. */
    void announce(Connection connection, long nowNanos) {
        if (!this.announced && this.sequence.isFirstGoAwayAllowed(Http2Sessions.isUsed(connection), nowNanos)) {
            this.announced = true;
            // Streams that the peer opens until it has read this are served.
            Http2Sessions.session(connection).frames(null, List.of(GoAwayFrame.GRACEFUL), notice());
        }
    }

    /** Takes the next step towards the end of the connection, once listeners are closed. */
    void step(EndPoint endPoint, Connection connection, IdleLimits limits, long nowNanos) {
        announce(connection, nowNanos);
        HTTP2Session session = Http2Sessions.session(connection);
        boolean used = Http2Sessions.isUsed(connection);
        switch (this.sequence.next(used, Http2Sessions.streams(connection), isConfirmed(session), limits, nowNanos)) {
            case NAME_LAST_STREAM -> nameLastStream(session);
            // Jetty alone would wait for the peer to close.
            case CLOSE -> Connections.decrypted(endPoint).close();
            case WAIT -> {
                // Streams are being served, or may still arrive.
            }
        }
    }

    /** Whether the peer has read the last notice; asks it, once that has been written. */
    private boolean isConfirmed(HTTP2Session session) {
        if (!this.listening) {
            this.listening = true;
            session.addEventListener(this);
        }
        // Jetty sends a PING before all that still waits to be written.
        if (this.asked < this.sent && this.written.get() >= this.sent) {
            this.asked = this.sent;
            session.ping(new PingFrame(MARK | this.asked, false), Callback.NOOP);
        }
        return this.sent > 0 && this.confirmed == this.sent;
    }

    /** Names the last stream that was taken; Jetty drops those that come after it. */
    private void nameLastStream(HTTP2Session session) {
        synchronized (this) {
            this.lastStreamNamed = true;
        }
        sendLast(session, notice());
    }

    /**
     * Does nothing the second time. Jetty alone reads the number of the last stream before it refuses others, and would
     * serve one that comes in between without having named it.
     */
    private void sendLast(HTTP2Session session, Callback callback) {
        int last;
        synchronized (this) {
            last = this.newestStream;
        }
        if (last > 0) {
            session.goAway(new GoAwayFrame(last, ErrorCode.NO_ERROR.code, null), callback);
        } else {
            // None has come since the drain listens, so Jetty knows the last one.
            session.close(ErrorCode.NO_ERROR.code, null, callback);
        }
    }

    private Callback notice() {
        this.sent++;
        return Callback.from(InvocationType.NON_BLOCKING, this.written::incrementAndGet, (failure) -> {});
    }

    /** Called before Jetty does anything about the frame. */
    @Override
    public void onIncomingFrame(Session session, Frame frame) {
        if (frame instanceof HeadersFrame headers) {
            boolean late;
            synchronized (this) {
                late = this.lastStreamNamed;
                if (!late) {
                    this.newestStream = Math.max(this.newestStream, headers.getStreamId());
                }
            }
            if (late && session instanceof HTTP2Session http2) {
                // The drain's thread may not have come to it yet.
                sendLast(http2, Callback.NOOP);
            }
        } else if (frame instanceof PingFrame ping && ping.isReply()) {
            confirmed(ping.getPayloadAsLong());
        }
    }

    private void confirmed(long payload) {
        int question = (int) payload;
        if ((MARK | question) == payload) {
            this.confirmed = question;
        }
    }

    /**
     * The HTTP/2 connections of one connector on their way out, each from the end of its handshake on. Thread-safe; what it
     * returns is for the drain's thread.
     */
    static final class PerConnection {

        private final Map<EndPoint, Http2GracefulClose> closes = new WeakHashMap<>();

        private final Set<EndPoint> handshaking = Collections.newSetFromMap(new WeakHashMap<>());

        /** Takes note of a connection whose handshake has not ended. */
        synchronized void handshaking(EndPoint endPoint) {
            this.handshaking.add(endPoint);
        }

        /** Begins with the first call for a connection, from the end of its handshake on. */
        synchronized Http2GracefulClose of(EndPoint endPoint, Connection connection) {
            return this.closes.computeIfAbsent(
                    endPoint, (key) -> new Http2GracefulClose(key, connection, this.handshaking.remove(key)));
        }

        /** The connections stay: another drain begins anew with them. */
        synchronized void forget() {
            this.closes.clear();
            this.handshaking.clear();
        }
    }
}
