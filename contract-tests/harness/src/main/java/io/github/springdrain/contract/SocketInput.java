// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A socket's bytes with one deadline for many reads, and a look ahead that takes nothing. Used by one thread. */
final class SocketInput {

    private final Socket socket;

    private final byte[] buffer = new byte[16 * 1024];

    private int position;

    private int limit;

    private long deadlineNanos;

    SocketInput(Socket socket) {
        this.socket = socket;
    }

    /** Sets the moment at which every read gives up. */
    void giveUpAfter(Duration patience) {
        this.deadlineNanos = System.nanoTime() + patience.toNanos();
    }

    /** Returns the next byte, or -1 at the end. */
    int read() throws IOException {
        if (!awaitByte()) {
            return -1;
        }
        return this.buffer[this.position++] & 0xFF;
    }

    /** Reads at most {@code length} bytes; returns how many, or -1 at the end. */
    int read(byte[] target, int length) throws IOException {
        if (!awaitByte()) {
            return -1;
        }
        int count = Math.min(length, this.limit - this.position);
        System.arraycopy(this.buffer, this.position, target, 0, count);
        this.position += count;
        return count;
    }

    /** Waits for a byte and leaves it where it is; {@code false} at the end. */
    boolean awaitByte() throws IOException {
        return this.position < this.limit || fill();
    }

    private boolean fill() throws IOException {
        long left = this.deadlineNanos - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("No byte within the client's patience");
        }
        // Rounded up: a timeout of zero would wait without a bound.
        long millis = TimeUnit.NANOSECONDS.toMillis(left) + 1;
        this.socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
        int count = this.socket.getInputStream().read(this.buffer);
        this.position = 0;
        this.limit = Math.max(count, 0);
        return count > 0;
    }
}
