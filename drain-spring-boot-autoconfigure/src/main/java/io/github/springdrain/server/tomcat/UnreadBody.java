// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * The rest of a request body that the application did not read, on a connection that the response has promised to keep.
 * Tomcat reads it with the worker until the connection's read timeout, a minute by default; a moment is enough for a
 * body that is on its way.
 */
final class UnreadBody {

    private final Request request;

    private final SocketWrapperBase<?> wrapper;

    private final long workerNanos;

    private final int maxBytes;

    private final BooleanSupplier arrived;

    private long total;

    /**
     * Creates the rest of one body.
     *
     * @param timeout the longest time for which the worker reads
     * @param maxBytes the most it reads; negative for any number
     * @param arrived whether there is something to read, without waiting
     */
    UnreadBody(Request request, SocketWrapperBase<?> wrapper, Duration timeout, int maxBytes, BooleanSupplier arrived) {
        this.request = request;
        this.wrapper = wrapper;
        this.workerNanos = timeout.toNanos();
        this.maxBytes = maxBytes;
        this.arrived = arrived;
    }

    /**
     * Reads and discards, within the limits.
     *
     * @return whether the body is complete, so that the next request may follow on the connection
     */
    boolean readBriefly() {
        long readTimeout = this.wrapper.getReadTimeout();
        if (this.wrapper instanceof NioSocketWrapper connection) {
            // Tomcat's poller looks at the same limit, and counts from the last read: that was the head, before the
            // work.
            connection.updateLastRead();
        }
        try {
            long deadlineNanos = System.nanoTime() + this.workerNanos;
            return readUntil(deadlineNanos) || readArrived(deadlineNanos + this.workerNanos);
        } catch (IOException ex) {
            return false;
        } finally {
            this.wrapper.setReadTimeout(readTimeout);
        }
    }

    private boolean readUntil(long deadlineNanos) throws IOException {
        Sink sink = new Sink();
        while (isWithinSize()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            this.wrapper.setReadTimeout(left);
            int count = read(sink);
            if (count < 0) {
                return true;
            }
            if (count == 0) {
                return false;
            }
            this.total += count;
        }
        return false;
    }

    /** On a busy machine the poller may not have reported yet what came in time. */
    private boolean readArrived(long deadlineNanos) throws IOException {
        Sink sink = new Sink();
        // Once the body is complete, one more look would read the next request over what is left of this one.
        while (!this.request.isFinished()
                && isWithinSize()
                && deadlineNanos - System.nanoTime() > 0
                && this.arrived.getAsBoolean()) {
            this.total += Math.max(0, discard(sink));
        }
        return this.request.isFinished();
    }

    private boolean isWithinSize() {
        return this.maxBytes < 0 || this.total <= this.maxBytes;
    }

    /** Reads as Tomcat does; zero where nothing came in time. */
    private int read(Sink sink) throws IOException {
        try {
            return discard(sink);
        } catch (SocketTimeoutException ex) {
            return 0;
        }
    }

    /** Not by the request, which would count it among the bytes that it received: Tomcat does not when it discards. */
    private int discard(Sink sink) throws IOException {
        return this.request.getInputBuffer().doRead(sink);
    }

    /** Receives what is discarded. */
    private static final class Sink implements ApplicationBufferHandler {

        private @Nullable ByteBuffer buffer;

        @Override
        public void setByteBuffer(ByteBuffer newBuffer) {
            this.buffer = newBuffer;
        }

        @Override
        public @Nullable ByteBuffer getByteBuffer() {
            return this.buffer;
        }

        @Override
        public void expand(int size) {}
    }
}
