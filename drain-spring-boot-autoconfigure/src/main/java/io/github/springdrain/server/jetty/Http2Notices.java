package io.github.springdrain.server.jetty;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Session;
import org.eclipse.jetty.http2.frames.Frame;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.http2.frames.PingFrame;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/**
 * What the drain has to say on one HTTP/2 connection, each notice with a PING behind it that tells when it has been read.
 * Used by the drain's thread; from the first question on it also hears of every frame, on the one thread that parses the
 * connection. Does not hold the session, which is the key to this object.
 */
final class Http2Notices implements HTTP2Session.FrameListener {

    /** Tells our pings from others'. */
    private static final long MARK = 0x64726169L << Integer.SIZE;

    private final AtomicInteger written = new AtomicInteger();

    private int said;

    private int asked;

    private boolean listening;

    private volatile int answered;

    private int newest;

    private boolean named;

    /** GOAWAY(2^31-1): streams that the peer opens until it has read this are served. */
    void announce(HTTP2Session session) {
        session.frames(null, List.of(GoAwayFrame.GRACEFUL), notice());
    }

    /** Whether the peer has read the last notice; asks it, once that has been written. */
    boolean isHeard(HTTP2Session session) {
        if (!this.listening) {
            this.listening = true;
            session.addEventListener(this);
        }
        // Jetty sends a PING before all that still waits to be written.
        if (this.asked < this.said && this.written.get() >= this.said) {
            this.asked = this.said;
            session.ping(new PingFrame(MARK | this.asked, false), Callback.NOOP);
        }
        return this.said > 0 && this.answered == this.said;
    }

    /** Names the last stream that was taken; Jetty drops those that come after it. */
    void nameLastStream(HTTP2Session session) {
        synchronized (this) {
            this.named = true;
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
            last = this.newest;
        }
        if (last > 0) {
            session.goAway(new GoAwayFrame(last, ErrorCode.NO_ERROR.code, null), callback);
        } else {
            // None has come since the drain listens, so Jetty knows the last one.
            session.close(ErrorCode.NO_ERROR.code, null, callback);
        }
    }

    private Callback notice() {
        this.said++;
        return Callback.from(InvocationType.NON_BLOCKING, this.written::incrementAndGet, (failure) -> {});
    }

    /** Called before Jetty does anything about the frame. */
    @Override
    public void onIncomingFrame(Session session, Frame frame) {
        if (frame instanceof HeadersFrame headers) {
            boolean late;
            synchronized (this) {
                late = this.named;
                if (!late) {
                    this.newest = Math.max(this.newest, headers.getStreamId());
                }
            }
            if (late && session instanceof HTTP2Session http2) {
                // The drain's thread may not have come to it yet.
                sendLast(http2, Callback.NOOP);
            }
        } else if (frame instanceof PingFrame ping && ping.isReply()) {
            answered(ping.getPayloadAsLong());
        }
    }

    private void answered(long payload) {
        int question = (int) payload;
        if ((MARK | question) == payload) {
            this.answered = question;
        }
    }
}
