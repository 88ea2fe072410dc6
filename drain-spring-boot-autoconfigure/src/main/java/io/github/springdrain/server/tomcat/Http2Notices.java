// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import java.nio.ByteBuffer;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.apache.tomcat.util.net.SocketWrapperBase.BlockingMode;
import org.apache.tomcat.util.net.SocketWrapperBase.CompletionState;

/**
 * The notices of a drain on one HTTP/2 connection, each followed by a PING whose acknowledgement shows that it was read.
 * Never waits: what cannot be written now is tried again with the next call. Thread-safe.
 */
final class Http2Notices {

    private static final int FRAME_HEAD_BYTES = 9;

    private static final int PAYLOAD_BYTES = 8;

    private static final int PING = 6;

    private static final int GOAWAY = 7;

    /** Distinguishes our pings from Tomcat's, whose first four bytes are zero. */
    private static final int MARK = 0x64726169;

    private static final CompletionHandler<Long, Void> IGNORED = new CompletionHandler<>() {

        @Override
        public void completed(Long count, Void attachment) {}

        @Override
        public void failed(Throwable cause, Void attachment) {}
    };

    private final SocketWrapperBase<?> wrapper;

    private final long writeTimeoutMillis;

    private boolean goAwayOwed;

    private boolean pingOwed;

    private int sent;

    private int acknowledged;

    Http2Notices(SocketWrapperBase<?> wrapper, long writeTimeoutMillis) {
        this.wrapper = wrapper;
        this.writeTimeoutMillis = writeTimeoutMillis;
    }

    /** GOAWAY(2^31-1): streams that the peer opens until it has read this are served. */
    synchronized void announce() {
        this.goAwayOwed = true;
        ping();
    }

    /** Sends another PING, behind everything so far. */
    synchronized void ping() {
        this.sent++;
        this.pingOwed = true;
        send();
    }

    /** Tries to write what is still to be written. */
    synchronized void send() {
        if (!this.pingOwed) {
            return;
        }
        ByteBuffer frames = ByteBuffer.allocate(2 * (FRAME_HEAD_BYTES + PAYLOAD_BYTES));
        if (this.goAwayOwed) {
            head(frames, GOAWAY).putInt(Integer.MAX_VALUE).putInt(0);
        }
        head(frames, PING).putInt(MARK).putInt(this.sent).flip();
        CompletionState state = this.wrapper.write(
                BlockingMode.NON_BLOCK,
                this.writeTimeoutMillis,
                TimeUnit.MILLISECONDS,
                null,
                SocketWrapperBase.COMPLETE_WRITE,
                IGNORED,
                frames);
        this.goAwayOwed &= state == CompletionState.NOT_DONE;
        this.pingOwed = state == CompletionState.NOT_DONE;
    }

    private static ByteBuffer head(ByteBuffer frames, int type) {
        return frames.putInt((PAYLOAD_BYTES << 8) | type).put((byte) 0).putInt(0);
    }

    /** Takes the acknowledgement of a PING; {@code false} where it is none of ours. */
    synchronized boolean acknowledge(byte[] payload) {
        ByteBuffer ping = ByteBuffer.wrap(payload);
        if (ping.getInt() != MARK) {
            return false;
        }
        this.acknowledged = Math.max(this.acknowledged, ping.getInt());
        return true;
    }

    /** Whether the peer has read the last notice. */
    synchronized boolean isAcknowledged() {
        return this.sent > 0 && this.acknowledged >= this.sent;
    }
}
