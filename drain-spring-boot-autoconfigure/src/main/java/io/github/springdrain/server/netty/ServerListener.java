// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.server.GatedListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The listener of one start of the server: counts what it accepts and closes right behind the last connection. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures through the pipeline.
final class ServerListener extends ChannelInboundHandlerAdapter implements GatedListener {

    /** Netty accepts in the one, hands on in the next; one more for what was queued before. */
    private static final int MARKER_TURNS = 3;

    private static final int ACCEPT_TURNS = 2;

    private final Channel channel;

    private final InetSocketAddress address;

    private final Connections connections;

    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile @Nullable CountDownLatch marker;

    private volatile boolean closing;

    private ServerListener(Channel channel, Connections connections) {
        this.channel = channel;
        this.connections = connections;
        this.address = (channel.localAddress() instanceof InetSocketAddress inet)
                ? inet
                : InetSocketAddress.createUnresolved("local", 0);
        channel.closeFuture().addListener((future) -> this.closed.countDown());
    }

    /** Takes part in a listener that has just been bound. */
    static ServerListener install(Channel channel, Connections connections) {
        ServerListener listener = new ServerListener(channel, connections);
        channel.pipeline().addFirst(listener);
        return listener;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Channel child) {
            this.connections.accepted(child);
        }
        context.fireChannelRead(message);
    }

    String name() {
        return "HTTP " + this.address;
    }

    boolean isOpen() {
        return this.channel.isOpen();
    }

    /** Whether the drain has asked it to close, and its event loop has not come round to it yet. */
    boolean isClosePending() {
        return this.closing && this.channel.isOpen();
    }

    /** Whether the server is there: the listener is open, or was closed by the drain alone. */
    boolean isRunning() {
        return (this.channel.isOpen() || this.closing)
                && !this.channel.eventLoop().isShuttingDown();
    }

    /** Has it accept again where Netty pauses, as it does for a second when descriptors run out. */
    void resumeAccepting() {
        this.channel.config().setAutoRead(true);
    }

    /**
     * Has the event loop close the listener behind the last connection it accepts; waits for that within the bound. An
     * event loop that is blocked does so when it comes round: behind the gate nothing is lost until then.
     */
    void closeGracefully(Duration bound) {
        if (this.closing || !this.channel.isOpen()) {
            return;
        }
        this.closing = true;
        closeBehindLast(-1, accepted());
        EventLoops.await(this.closed, bound.toNanos());
    }

    /** Without a gate new clients may come as fast as they are accepted: those of the queue are the first ones. */
    private void closeBehindLast(long acceptedBefore, long acceptedAtStart) {
        long now = accepted();
        boolean last = now == acceptedBefore || now - acceptedAtStart > backlog();
        if (last
                || !EventLoops.afterTurns(
                        this.channel.eventLoop(), ACCEPT_TURNS, () -> closeBehindLast(now, acceptedAtStart))) {
            this.channel.close();
        }
    }

    /** The most that the kernel holds; a number of connections, as what a turn of the event loop takes is not known. */
    private int backlog() {
        Integer backlog = this.channel.config().getOption(ChannelOption.SO_BACKLOG);
        return (backlog != null) ? backlog : NetUtil.SOMAXCONN;
    }

    @Override
    public InetSocketAddress address() {
        return this.address;
    }

    /** Looks at the marker that the last call has sent through the event loop, then sends the next. */
    @Override
    public boolean isAcceptorWaiting() {
        if (!this.channel.isOpen()) {
            return true;
        }
        CountDownLatch sent = this.marker;
        if (sent != null && sent.getCount() > 0) {
            return false;
        }
        this.marker = null;
        if (sent != null) {
            return !this.connections.hasPending();
        }
        CountDownLatch fresh = new CountDownLatch(1);
        this.marker = fresh;
        return !EventLoops.afterTurns(this.channel.eventLoop(), MARKER_TURNS, fresh::countDown);
    }

    @Override
    public long accepted() {
        return this.connections.accepted();
    }
}
