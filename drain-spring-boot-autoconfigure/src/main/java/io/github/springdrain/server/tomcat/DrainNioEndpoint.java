package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.acceptqueue.AcceptLoop;
import io.github.springdrain.server.linger.LingerPolicy;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
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

    private volatile @Nullable AcceptLoop acceptLoop;

    private volatile @Nullable Integer liftedLimit;

    /** How many requests a connection may bring although its listener is closed; {@code null} while that is open. */
    private volatile @Nullable Integer keepAliveLimitOfClosedListener;

    void setLingerPolicy(LingerPolicy policy) {
        this.lingerPolicy = policy;
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

    /** Tomcat takes a closed listener for the end of every connection; here each is told by a response of its own. */
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
        super.initServerSocket();
        ServerSocketChannel listener = (ServerSocketChannel) getServerSocket();
        this.acceptLoop = getUseInheritedChannel() ? AcceptLoop.openInherited(listener) : AcceptLoop.open(listener);
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
        super.doCloseServerSocket();
    }
}
