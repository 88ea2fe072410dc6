package io.github.springdrain.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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

    /**
     * Creates the rest of one body.
     *
     * @param timeout the longest time for which the worker reads
     * @param maxBytes the most it reads; negative for any number
     */
    UnreadBody(Request request, SocketWrapperBase<?> wrapper, Duration timeout, int maxBytes) {
        this.request = request;
        this.wrapper = wrapper;
        this.workerNanos = timeout.toNanos();
        this.maxBytes = maxBytes;
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
            return readUntil(System.nanoTime() + this.workerNanos);
        } catch (IOException ex) {
            return false;
        } finally {
            this.wrapper.setReadTimeout(readTimeout);
        }
    }

    private boolean readUntil(long deadlineNanos) throws IOException {
        Sink sink = new Sink();
        long total = 0;
        while (this.maxBytes < 0 || total <= this.maxBytes) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            this.wrapper.setReadTimeout(left);
            int count = this.request.doRead(sink);
            if (count < 0) {
                return true;
            }
            if (count == 0) {
                return false;
            }
            total += count;
        }
        return false;
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
