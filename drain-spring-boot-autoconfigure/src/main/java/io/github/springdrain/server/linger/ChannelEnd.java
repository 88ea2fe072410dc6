// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How one channel ends: plainly, by RST, or handed to the lingering closer. A container may pool its channels, so an end
 * can be armed again for another connection. Used by the thread that closes the connection; {@link #expectInput()} and
 * {@link #abort()} by the one that decides on it before.
 *
 * <p>Linux sends RST on a {@code close(2)} with unread bytes in the receive queue, and when more bytes come from the peer
 * afterwards; either destroys what the peer has not read of the response.
 */
public final class ChannelEnd {

    private final Supplier<LingerPolicy> policy;

    private final Supplier<@Nullable Selector> poller;

    private boolean inputSeen;

    private final AtomicReference<Input> input = new AtomicReference<>(Input.UNKNOWN);

    private boolean aborted;

    private volatile boolean ending;

    private volatile boolean ended;

    /**
     * Creates the end of one channel.
     *
     * @param policy the server's policy at the moment of the end
     * @param poller the selector the channel is registered with at the moment of the end; {@code null} if with none
     */
    public ChannelEnd(Supplier<LingerPolicy> policy, Supplier<@Nullable Selector> poller) {
        this.policy = policy;
        this.poller = poller;
    }

    /** Begins anew, for another connection. */
    public void arm() {
        settle();
        this.input.set(Input.UNKNOWN);
        this.inputSeen = false;
        this.aborted = false;
        this.ending = false;
        this.ended = false;
    }

    /** Whether a byte of a request has been read. */
    public boolean isInputSeen() {
        return this.inputSeen;
    }

    /** Notes that a byte of a request has been read. */
    public void inputSeen() {
        if (!this.inputSeen) {
            this.inputSeen = true;
        }
    }

    /**
     * The peer is likely to send more, although the application will not read it. From here on the policy counts the channel among
     * those that a drain waits for: a container forgets a connection before it closes its channel.
     */
    public void expectInput() {
        if (this.input.compareAndSet(Input.UNKNOWN, Input.EXPECTED)) {
            this.policy.get().expectInput();
        }
    }

    /** Whether {@link #expectInput()} was called, and the channel has not ended. */
    public boolean isInputExpected() {
        return this.input.get() == Input.EXPECTED;
    }

    /** The response is incomplete, and a FIN would make it look complete where only the end of stream delimits it. */
    public void abort() {
        this.aborted = true;
    }

    /** Whether {@link #end} has closed the channel, or handed it over. */
    public boolean isEnded() {
        return this.ended;
    }

    /**
     * Closes the channel, or has it closed.
     *
     * @param unsent bytes that have to go out before the FIN
     */
    public void end(SocketChannel channel, @Nullable ByteBuffer unsent) throws IOException {
        if (this.ending) {
            return;
        }
        this.ending = true;
        try {
            closeOrLinger(channel, unsent);
        } finally {
            this.ended = true;
            settle();
        }
    }

    private void closeOrLinger(SocketChannel channel, @Nullable ByteBuffer unsent) throws IOException {
        LingerPolicy current = this.policy.get();
        LingeringCloser closer = current.closer();
        if (this.aborted) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
            return;
        }
        if (!closer.isEnabled()) {
            channel.close();
            return;
        }
        int unread = readSome(channel);
        boolean awaited = unread > 0 || (unread == 0 && isInputExpected());
        if (unread < 0 || !(awaited || current.isClosingIdle())) {
            channel.close();
            return;
        }
        leavePoller(channel);
        closer.linger(channel, unsent, awaited);
    }

    /** The lingering closer counts the channel now, or it need not be counted. */
    private void settle() {
        if (this.input.getAndSet(Input.OVER) == Input.EXPECTED) {
            this.policy.get().settleInput();
        }
    }

    private static int readSome(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1));
        } catch (IOException | RuntimeException ex) {
            return -1;
        }
    }

    /**
     * A channel's descriptor is closed only once every selector has let go of it, so the poller is woken up right away. The
     * key keeps its attachment: what a poller has selected already, Jetty and Tomcat end by closing the connection once
     * more, and Jetty by closing the channel where there is none.
     */
    private void leavePoller(SocketChannel channel) {
        Selector selector = this.poller.get();
        SelectionKey key = (selector != null) ? channel.keyFor(selector) : null;
        if (selector != null && key != null) {
            key.cancel();
            selector.wakeup();
        }
    }

    /** What is known of bytes that the peer may still send. */
    private enum Input {
        UNKNOWN,
        EXPECTED,
        OVER
    }
}
