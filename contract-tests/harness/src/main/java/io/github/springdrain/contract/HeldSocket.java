// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A socket that can hold back everything after its first write: a TLS client on top of it has sent its ClientHello, has
 * its response, and owes its Finished until it is let go.
 */
final class HeldSocket extends Socket {

    private final CountDownLatch held = new CountDownLatch(1);

    private final CountDownLatch released = new CountDownLatch(1);

    private volatile boolean holding;

    private volatile boolean written;

    /** Holds back everything but the next write. */
    void holdAfterNextWrite() {
        this.holding = true;
    }

    /** Whether something is held back now, or will be {@code within}. */
    boolean awaitHeld(Duration within) {
        try {
            return this.held.await(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Lets everything go. */
    void release() {
        this.released.countDown();
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new HeldOutput(super.getOutputStream());
    }

    private void pass() throws IOException {
        if (this.holding && this.written) {
            this.held.countDown();
            awaitRelease();
        }
        this.written = true;
    }

    private void awaitRelease() throws IOException {
        try {
            if (!this.released.await(1, TimeUnit.MINUTES)) {
                throw new IOException("Held for a minute and never let go");
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while held");
        }
    }

    /** Asks before each write. */
    private final class HeldOutput extends FilterOutputStream {

        HeldOutput(OutputStream target) {
            super(target);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            pass();
            this.out.write(bytes, offset, length);
        }
    }
}
