// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.acceptqueue.AcceptLoop;
import io.github.springdrain.server.jetty.ConnectorAccess.DrainSelectorManager;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.server.ServerConnector;
import org.jspecify.annotations.Nullable;

/**
 * A connector's listener, from which its acceptors get no connection: one that comes in is given to our selector manager
 * instead of the connector's own. Can be emptied and closed exactly. Thread-safe.
 */
final class ListenerChannel extends ServerSocketChannel {

    private static final long CLOSE_BOUND_MILLIS = 1000;

    private final ServerSocketChannel channel;

    private final ServerConnector connector;

    private final DrainSelectorManager manager;

    private final AcceptLoop loop;

    /** Several acceptors take turns in the loop; what one has taken it hands on beside the next. */
    private final ReentrantLock turn = new ReentrantLock();

    private final AtomicInteger inHand = new AtomicInteger();

    /** Takes over a bound listener; one that was handed down is left open when this is closed. */
    ListenerChannel(
            ServerSocketChannel channel, boolean handedDown, ServerConnector connector, DrainSelectorManager manager)
            throws IOException {
        super(channel.provider());
        this.channel = channel;
        this.connector = connector;
        this.manager = manager;
        this.loop = handedDown ? AcceptLoop.openInherited(channel) : AcceptLoop.open(channel);
    }

    /** The listener that the connector has opened. */
    ServerSocketChannel channel() {
        return this.channel;
    }

    /** Whether no acceptor is between two calls. */
    boolean isAcceptorWaiting() {
        return this.loop.isAcceptorWaiting() && this.inHand.get() == 0;
    }

    /** Returns by an exception only, to an acceptor whose connector does not accept any more. */
    @Override
    public SocketChannel accept() throws IOException {
        while (this.connector.isRunning() && this.connector.isAccepting()) {
            SocketChannel next = acceptNext();
            if (next != null) {
                try {
                    this.manager.take(next);
                } finally {
                    this.inHand.decrementAndGet();
                }
            } else if (!this.loop.isOpen()) {
                break;
            }
        }
        // Whoever has its turn now may wait for the next connection, which would be one too many for a limit.
        wakeup();
        if (!this.loop.isOpen()) {
            // Jetty ends its acceptor on this and logs nothing, because the connector is not open.
            close();
            throw new ClosedChannelException();
        }
        // Upon this one Jetty looks at once whether it still accepts.
        throw ListenerChannel.<RuntimeException>unchecked(new InterruptedException("Not accepting"));
    }

    private @Nullable SocketChannel acceptNext() throws IOException {
        this.turn.lock();
        try {
            // Whoever has waited for its turn while accepting was ended must not begin with it.
            SocketChannel next = (this.connector.isAccepting() || !this.loop.isOpen()) ? this.loop.accept() : null;
            if (next != null) {
                this.inHand.incrementAndGet();
            }
            return next;
        } finally {
            this.turn.unlock();
        }
    }

    /** Jetty's {@code accept} may throw it; that of a channel does not say so. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E unchecked(Throwable failure) throws E {
        throw (E) failure;
    }

    /** Has the acceptors look at whether their connector still accepts. */
    void wakeup() {
        this.loop.wakeup();
    }

    /** Closes the listener behind the last connection that it holds. */
    void closeGracefully() throws IOException {
        this.loop.closeGracefully(CLOSE_BOUND_MILLIS);
        close();
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        this.loop.closeNow();
    }

    /** Blocking for the connector, by waiting in the loop; the listener itself never is. */
    @Override
    protected void implConfigureBlocking(boolean block) {}

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) throws IOException {
        this.channel.bind(local, backlog);
        return this;
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        this.channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return this.channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return this.channel.supportedOptions();
    }

    @Override
    public ServerSocket socket() {
        return this.channel.socket();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        return this.channel.getLocalAddress();
    }
}
