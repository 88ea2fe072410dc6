// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.acceptqueue.AcceptLoop;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.linger.LingerPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.tomcat.util.collections.SynchronizedStack;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketProperties;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's endpoint with a listener that can be emptied and closed exactly, and with channels that linger. Serves
 * several cycles of start and stop.
 */
final class DrainNioEndpoint extends NioEndpoint {

    /** How long an acceptor that has nothing to accept waits before it looks again whether the endpoint goes on. */
    private static final long IDLE_MILLIS = 10;

    private static final long CLOSE_BOUND_MILLIS = 1000;

    private volatile LingerPolicy lingerPolicy = LingerPolicy.OFF;

    private volatile ListenerOpening opening = ListenerOpening.PLAIN;

    /** A listener that Tomcat has not opened, as it cannot be told to set {@code SO_REUSEPORT}. */
    private volatile @Nullable ServerSocketChannel sharedListener;

    private volatile @Nullable AcceptLoop acceptLoop;

    private volatile @Nullable Integer liftedLimit;

    /** How many requests a connection may bring although its listener is closed; {@code null} while that is open. */
    private volatile @Nullable Integer keepAliveLimitOfClosedListener;

    void setLingerPolicy(LingerPolicy policy) {
        this.lingerPolicy = policy;
    }

    void setListenerOpening(ListenerOpening opening) {
        this.opening = opening;
    }

    LingerPolicy lingerPolicy() {
        return this.lingerPolicy;
    }

    @Nullable Selector pollerSelector() {
        Poller poller = getPoller();
        return (poller != null) ? poller.getSelector() : null;
    }

    /** The loop of the current listener; {@code null} before the first bind. */
    @Nullable AcceptLoop acceptLoop() {
        return this.acceptLoop;
    }

    /** Tomcat takes a closed listener for the end of every connection; here a response advertises the close before. */
    @Override
    public int getMaxKeepAliveRequests() {
        Integer limit = this.keepAliveLimitOfClosedListener;
        return (limit != null) ? limit : super.getMaxKeepAliveRequests();
    }

    /** Whether the listener is closed while its connections are served on. */
    boolean isListenerClosed() {
        return this.keepAliveLimitOfClosedListener != null;
    }

    /** The open connections; a live view would be Tomcat's own map. */
    List<SocketWrapperBase<NioChannel>> openConnections() {
        return new ArrayList<>(this.connections.values());
    }

    @Override
    protected void initServerSocket() throws Exception {
        ServerSocketChannel listener = open();
        AcceptLoop loop = getUseInheritedChannel() ? AcceptLoop.openInherited(listener) : AcceptLoop.open(listener);
        this.acceptLoop = loop;
        if (!getUseInheritedChannel() && !loop.address().isUnresolved()) {
            this.opening.opened().accept(loop);
        }
    }

    private ServerSocketChannel open() throws Exception {
        boolean shared = this.opening.sharing() == Sharing.REUSE_PORT;
        if (!shared || getUseInheritedChannel() || getUnixDomainSocketPath() != null) {
            super.initServerSocket();
            return (ServerSocketChannel) super.getServerSocket();
        }
        ServerSocketChannel listener = ServerSocketChannel.open();
        this.sharedListener = listener;
        getSocketProperties().setProperties(listener.socket());
        listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        listener.bind(new InetSocketAddress(getAddress(), getPortWithOffset()), getAcceptCount());
        return listener;
    }

    @Override
    protected NetworkChannel getServerSocket() {
        ServerSocketChannel shared = this.sharedListener;
        return (shared != null) ? shared : super.getServerSocket();
    }

    @Override
    public void startInternal() throws Exception {
        this.keepAliveLimitOfClosedListener = null;
        Integer limit = this.liftedLimit;
        if (limit != null) {
            this.liftedLimit = null;
            setMaxConnections(limit);
        }
        SocketProperties properties = getSocketProperties();
        if (properties.getActualBufferPool(isSSLEnabled() ? getSniParseLimit() * 2 : 0) == 0) {
            // Without a pool there is no place from which Tomcat 10.1 would take a channel that is not its own.
            properties.setBufferPool(1);
        }
        super.startInternal();
    }

    /**
     * Accepts the next connection. Never returns while the endpoint is paused or its listener closed: Tomcat's acceptor
     * would destroy the connection, or log an error for each round.
     */
    @Override
    protected SocketChannel serverSocketAccept() throws Exception {
        while (isRunning()) {
            AcceptLoop loop = this.acceptLoop;
            if (loop != null && loop.isOpen() && !isPaused()) {
                SocketChannel channel = loop.accept();
                if (channel != null) {
                    return channel;
                }
            } else {
                Thread.sleep(IDLE_MILLIS);
            }
        }
        throw new ClosedChannelException();
    }

    /** Puts one of our channels where Tomcat takes the next one from. Called by the acceptor's thread only. */
    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
        SynchronizedStack<NioChannel> pool = getNioChannels();
        if (pool != null) {
            NioChannel pooled = pool.pop();
            if (pooled != null && !(pooled instanceof LingerChannel)) {
                pooled.free();
            }
            pool.push((pooled instanceof LingerChannel) ? pooled : newChannel());
        }
        return super.setSocketOptions(socket);
    }

    private NioChannel newChannel() {
        SocketProperties properties = getSocketProperties();
        SocketBufferHandler buffers = new SocketBufferHandler(
                properties.getAppReadBufSize(), properties.getAppWriteBufSize(), properties.getDirectBuffer());
        return isSSLEnabled() ? new LingerSecureNioChannel(buffers, this) : new LingerNioChannel(buffers, this);
    }

    /** Wakes the acceptor by its selector; Tomcat's own way connects to the listener, which the gate refuses. */
    @Override
    protected void unlockAccept() {
        AcceptLoop loop = this.acceptLoop;
        if (loop != null) {
            loop.wakeup();
        }
    }

    /** Lets the acceptor take whatever the kernel holds, and releases it if it waits for a connection to end. */
    void liftConnectionLimit() {
        if (this.liftedLimit == null && getMaxConnections() != -1) {
            this.liftedLimit = getMaxConnections();
            setMaxConnections(-1);
        }
    }

    /** Closes the listener behind the last connection that it holds. */
    void closeListener() throws IOException {
        if (this.keepAliveLimitOfClosedListener == null) {
            this.keepAliveLimitOfClosedListener = getMaxKeepAliveRequests();
        }
        AcceptLoop loop = this.acceptLoop;
        if (loop != null) {
            loop.closeGracefully(CLOSE_BOUND_MILLIS);
        }
    }

    @Override
    protected void doCloseServerSocket() throws IOException {
        AcceptLoop loop = this.acceptLoop;
        if (loop != null) {
            loop.closeNow();
        }
        ServerSocketChannel shared = this.sharedListener;
        this.sharedListener = null;
        if (shared != null) {
            shared.close();
        }
        super.doCloseServerSocket();
    }
}
