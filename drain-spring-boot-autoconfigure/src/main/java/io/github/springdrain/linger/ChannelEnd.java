package io.github.springdrain.linger;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How one channel ends: plainly, by RST, or handed to the lingering closer. A container may pool its channels, so an end
 * can be armed again for another connection. Used by the thread that closes the connection; {@link #expectInput()} and
 * {@link #abort()} by the one that decides on it before.
 *
 * <p>Linux answers a {@code close(2)} with unread bytes in the receive queue by RST, and one that is followed by more
 * bytes from the peer too; either destroys what the peer has not read of the response.
 */
public final class ChannelEnd {

    private final Supplier<LingerPolicy> policy;

    private final Supplier<@Nullable Selector> poller;

    private boolean inputSeen;

    private volatile boolean inputExpected;

    private boolean aborted;

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
        this.inputSeen = false;
        this.inputExpected = false;
        this.aborted = false;
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

    /** The peer is likely to send more, although nobody will read it. */
    public void expectInput() {
        this.inputExpected = true;
    }

    /** Whether {@link #expectInput()} was called. */
    public boolean isInputExpected() {
        return this.inputExpected;
    }

    /** The response is incomplete, and a FIN would make it look complete where only the end of stream delimits it. */
    public void abort() {
        this.aborted = true;
    }

    /** Whether {@link #end} was called. */
    public boolean isEnded() {
        return this.ended;
    }

    /**
     * Closes the channel, or has it closed.
     *
     * @param unsent bytes that have to go out before the FIN
     */
    public void end(SocketChannel channel, @Nullable ByteBuffer unsent) throws IOException {
        if (this.ended) {
            return;
        }
        this.ended = true;
        LingerPolicy current = this.policy.get();
        LingeringCloser closer = current.closer();
        if (this.aborted) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
            return;
        }
        if (closer == null) {
            channel.close();
            return;
        }
        int unread = readSome(channel);
        boolean awaited = unread > 0 || (unread == 0 && this.inputExpected);
        if (unread < 0 || !(awaited || current.isClosingIdle())) {
            channel.close();
            return;
        }
        leavePoller(channel);
        closer.linger(channel, unsent, awaited);
    }

    private static int readSome(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1));
        } catch (IOException | RuntimeException ex) {
            return -1;
        }
    }

    /** A channel's descriptor is closed only once every selector has let go of it, so the poller is told right away. */
    private void leavePoller(SocketChannel channel) {
        Selector selector = this.poller.get();
        SelectionKey key = (selector != null) ? channel.keyFor(selector) : null;
        if (selector != null && key != null) {
            key.attach(null);
            key.cancel();
            selector.wakeup();
        }
    }
}
