// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One request over HTTP/2 and what has come back. Thread-safe. */
public final class Http2Stream {

    private static final int REFUSED_STREAM = 7;

    private final Http2Connection connection;

    private final int id;

    private final CountDownLatch ended = new CountDownLatch(1);

    private volatile int status;

    private volatile long bytes;

    private volatile State state = State.OPEN;

    private volatile long endedAtNanos;

    Http2Stream(Http2Connection connection, int id) {
        this.connection = connection;
        this.id = id;
    }

    /** Its number on its connection. */
    public int id() {
        return this.id;
    }

    /** The status of the response; zero before the head has come. */
    public int status() {
        return this.status;
    }

    /** How it stands. */
    public State state() {
        return this.state;
    }

    /** When its state became a last one, as {@link System#nanoTime()}. */
    public long endedAtNanos() {
        return this.endedAtNanos;
    }

    /** Sends {@code length} bytes of its body. */
    public Http2Stream body(int length, boolean last) throws IOException {
        int flags = last ? Http2Frame.END_STREAM : 0;
        this.connection.write(new Http2Frame(Http2FrameType.DATA, flags, this.id, new byte[length]));
        return this;
    }

    /** Waits until it has ended in some way, at most for {@code limit}. */
    public Http2Stream await(Duration limit) {
        try {
            if (!this.ended.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return this;
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        return this;
    }

    /** The state, the status and the size in one line. */
    public String summary() {
        return this.state + " " + this.status + ", " + this.bytes + " bytes";
    }

    void head(int newStatus) {
        if (this.status < 200) {
            this.status = newStatus;
        }
    }

    // Called by the one thread that reads.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void data(int length) {
        this.bytes += length;
    }

    void complete() {
        end(State.COMPLETE);
    }

    void reset(int errorCode) {
        end((errorCode == REFUSED_STREAM) ? State.REFUSED : State.RESET);
    }

    void connectionEnded() {
        end(State.WITHOUT_RESPONSE);
    }

    void unsent() {
        end(State.UNSENT);
    }

    private synchronized void end(State last) {
        if (this.state == State.OPEN) {
            this.endedAtNanos = System.nanoTime();
            this.state = last;
            this.ended.countDown();
        }
    }

    /** How a stream stands for its client. */
    public enum State {

        /** No end has come. */
        OPEN,

        /** A whole response has come. */
        COMPLETE,

        /** The server has said that it has not looked at the request: it may be sent again. */
        REFUSED,

        /** The server has given the stream up. */
        RESET,

        /** The connection has ended before a whole response had come. */
        WITHOUT_RESPONSE,

        /** The connection would not take the request any more. */
        UNSENT
    }
}
