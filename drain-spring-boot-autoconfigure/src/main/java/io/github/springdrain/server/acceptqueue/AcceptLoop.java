// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue;

import io.github.springdrain.server.GatedListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Accepts on one listener by a selector of its own, so that it is known when nothing is in the acceptor's hand, and so
 * that the listener can be closed right behind the last {@code accept} by the acceptor's thread itself. A thread blocked
 * in {@code accept} cannot be called back: an interrupt would lose the connection it has just got. Thread-safe, except
 * that {@link #accept()} is for one thread at a time.
 */
public final class AcceptLoop implements GatedListener {

    /** Linux has been seen to return the same connection twice, this many nanoseconds apart at most. */
    private static final long DUPLICATE_INTERVAL = 1000;

    private final ServerSocketChannel listener;

    private final InetSocketAddress address;

    private final Selector selector;

    private final boolean owned;

    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile boolean waiting;

    private volatile boolean closeRequested;

    /** An inherited listener was given back; guarded by it. */
    private boolean released;

    private volatile long accepted;

    private @Nullable SocketAddress previousRemote;

    private long previousNanos;

    private AcceptLoop(ServerSocketChannel listener, InetSocketAddress address, Selector selector, boolean owned) {
        this.listener = listener;
        this.address = address;
        this.selector = selector;
        this.owned = owned;
    }

    /** Takes over a bound listener; {@code address} is unresolved where the listener is not an internet socket. */
    public static AcceptLoop open(ServerSocketChannel listener) throws IOException {
        return open(listener, true);
    }

    /** Accepts on a bound listener that another process has handed down, and that is left open with what it holds. */
    public static AcceptLoop openInherited(ServerSocketChannel listener) throws IOException {
        return open(listener, false);
    }

    private static AcceptLoop open(ServerSocketChannel listener, boolean owned) throws IOException {
        SocketAddress local = listener.getLocalAddress();
        InetSocketAddress address =
                (local instanceof InetSocketAddress inet) ? inet : InetSocketAddress.createUnresolved("local", 0);
        listener.configureBlocking(false);
        Selector selector = Selector.open();
        listener.register(selector, SelectionKey.OP_ACCEPT);
        return new AcceptLoop(listener, address, selector, owned);
    }

    /**
     * Returns the next connection; {@code null} on a {@link #wakeup()} and once the listener is closed. Called by the
     * acceptor's thread only.
     */
    public @Nullable SocketChannel accept() throws IOException {
        try {
            SocketChannel channel = next();
            return (channel != null) ? counted(channel) : null;
        } catch (ClosedChannelException | ClosedSelectorException ex) {
            if (this.closeRequested) {
                return null;
            }
            throw ex;
        }
    }

    private @Nullable SocketChannel next() throws IOException {
        if (!this.owned && this.closeRequested) {
            // What it still holds is for whoever handed it down.
            return acceptLastThenClose();
        }
        SocketChannel channel = take();
        if (channel == null && this.closeRequested) {
            return acceptLastThenClose();
        }
        if (channel == null) {
            this.waiting = true;
            this.selector.select();
            this.selector.selectedKeys().clear();
            this.waiting = false;
            channel = take();
        }
        return channel;
    }

    /** A channel that is registered stays open in the kernel until its selector's next turn, so that one goes first. */
    private @Nullable SocketChannel acceptLastThenClose() throws IOException {
        closeSelector();
        SocketChannel last = this.owned ? take() : null;
        if (last == null) {
            closeListener();
            this.closed.countDown();
        }
        return last;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Written by the acceptor's thread only.
    private SocketChannel counted(SocketChannel channel) throws IOException {
        this.accepted++;
        SocketAddress remote = channel.getRemoteAddress();
        long now = System.nanoTime();
        if (remote instanceof InetSocketAddress
                && remote.equals(this.previousRemote)
                && now - this.previousNanos < DUPLICATE_INTERVAL) {
            throw new IOException("The kernel returned the connection from " + remote + " twice");
        }
        this.previousRemote = remote;
        this.previousNanos = now;
        return channel;
    }

    /** Has the acceptor's thread return from {@link #accept()}. */
    public void wakeup() {
        this.selector.wakeup();
    }

    private @Nullable SocketChannel take() throws IOException {
        if (this.owned) {
            return this.listener.accept();
        }
        synchronized (this.listener) {
            return this.released ? null : this.listener.accept();
        }
    }

    /** A selector's close returns at once where another thread is closing it, while the listener is still registered. */
    private void closeSelector() throws IOException {
        synchronized (this.listener) {
            this.selector.close();
        }
    }

    private void closeListener() throws IOException {
        if (this.owned) {
            this.listener.close();
            return;
        }
        synchronized (this.listener) {
            this.released = true;
            if (this.listener.isOpen()) {
                // As it was found; whoever else holds it shares the mode. Nothing is registered any more.
                this.listener.configureBlocking(true);
            }
        }
    }

    /** Whether connections are accepted from the listener. */
    public boolean isOpen() {
        return this.owned ? this.listener.isOpen() : this.selector.isOpen();
    }

    /** Has the acceptor's thread close the listener behind its last connection; closes it itself after the bound. */
    public void closeGracefully(long boundMillis) throws IOException {
        this.closeRequested = true;
        this.selector.wakeup();
        try {
            if (this.closed.await(boundMillis, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        closeNow();
    }

    /** Closes the listener; connections that it holds are reset by the kernel. */
    public void closeNow() throws IOException {
        this.closeRequested = true;
        closeSelector();
        closeListener();
        this.closed.countDown();
    }

    @Override
    public InetSocketAddress address() {
        return this.address;
    }

    @Override
    public boolean isAcceptorWaiting() {
        return this.waiting || !isOpen();
    }

    @Override
    public long accepted() {
        return this.accepted;
    }
}
