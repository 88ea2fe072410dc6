// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One connection between its FIN and its end. Used by one thread at a time: first the one that closes it, then the
 * loop's; only {@link #end} may be called by any. Nothing here throws: what a channel throws becomes an outcome.
 */
final class LingeringConnection {

    private final SocketChannel channel;

    private final LingerAccount account;

    private @Nullable ByteBuffer unsent;

    private boolean peerClosed;

    LingeringConnection(SocketChannel channel, LingerAccount account) {
        this.channel = channel;
        this.account = account;
    }

    /** Sends FIN, unless some of {@code last} has to wait for room in the socket's buffer first. */
    @Nullable LingerOutcome halfClose(@Nullable ByteBuffer last, long now) {
        return contain(() -> {
            this.channel.configureBlocking(false);
            if (last != null && last.hasRemaining()) {
                this.channel.write(last);
            }
            if (last != null && last.hasRemaining()) {
                // Copied, because a container takes its buffer back when it believes the channel closed.
                this.unsent = ByteBuffer.allocate(last.remaining()).put(last).flip();
            } else {
                this.channel.shutdownOutput();
            }
            return discard(ByteBuffer.allocate(1), 1, now);
        });
    }

    /** Does what can be done without waiting: writes what is left, then reads at most {@code reads} times. */
    @Nullable LingerOutcome proceed(ByteBuffer buffer, int reads, long now) {
        return contain(() -> {
            sendRest(now);
            return discard(buffer, reads, now);
        });
    }

    private void sendRest(long now) throws IOException {
        ByteBuffer rest = this.unsent;
        if (rest == null) {
            return;
        }
        if (this.channel.write(rest) > 0) {
            this.account.wrote(now);
        }
        if (!rest.hasRemaining()) {
            this.unsent = null;
            this.channel.shutdownOutput();
        }
    }

    private @Nullable LingerOutcome discard(ByteBuffer buffer, int reads, long now) throws IOException {
        for (int i = 0; i < reads && !this.peerClosed; i++) {
            int count = this.channel.read(buffer.clear().limit(this.account.readable(buffer.capacity())));
            if (count == 0) {
                break;
            }
            this.peerClosed = count < 0;
            LingerOutcome outcome = (count > 0) ? this.account.discarded(count, now) : null;
            if (outcome != null) {
                return outcome;
            }
        }
        // A peer that has only closed its own side may still be waiting for what was not sent yet.
        return (this.peerClosed && this.unsent == null) ? LingerOutcome.PEER_CLOSED : null;
    }

    /** The limit of time that this connection has reached, or ABORTED if a stranger has closed its channel. */
    @Nullable LingerOutcome expired(long now) {
        if (!this.channel.isOpen()) {
            return LingerOutcome.ABORTED;
        }
        return this.account.expired(now);
    }

    /** Nanoseconds until {@link #expired} may find something, if nothing moves. */
    long nanosLeft(long now) {
        return this.account.nanosLeft(now);
    }

    @Nullable LingerOutcome register(Selector selector) {
        return contain(() -> {
            this.channel.register(selector, interestOps(), this);
            return null;
        });
    }

    int interestOps() {
        int read = this.peerClosed ? 0 : SelectionKey.OP_READ;
        int write = (this.unsent != null) ? SelectionKey.OP_WRITE : 0;
        return read | write;
    }

    /** Closes the channel and counts the outcome; does nothing when called again. */
    void end(LingerOutcome outcome) {
        if (!this.account.end()) {
            return;
        }
        close(this.channel);
        this.account.count(outcome);
    }

    static void close(SocketChannel channel) {
        contain(() -> {
            channel.close();
            return null;
        });
    }

    private static @Nullable LingerOutcome contain(Step step) {
        try {
            return step.run();
        } catch (ClosedChannelException | RuntimeException ex) {
            return LingerOutcome.ABORTED;
        } catch (IOException ex) {
            return LingerOutcome.PEER_RESET;
        }
    }

    /** What may fail as channels do. */
    private interface Step {

        @Nullable LingerOutcome run() throws IOException;
    }
}
