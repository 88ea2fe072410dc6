package io.github.springdrain.server.jetty;

import io.github.springdrain.server.acceptqueue.AcceptLoop;
import io.github.springdrain.server.linger.LingerPolicy;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's connector with a listener that can be emptied and closed exactly, and with endpoints that linger. Serves
 * several cycles of start and stop.
 */
final class DrainServerConnector extends ServerConnector {

    private static final long CLOSE_BOUND_MILLIS = 1000;

    private final LingerPolicy lingerPolicy;

    private final Runnable startCheck;

    /** Several acceptors take turns in the loop; what one has taken it hands on beside the next. */
    private final ReentrantLock turn = new ReentrantLock();

    private final AtomicInteger inHand = new AtomicInteger();

    private volatile @Nullable AcceptLoop acceptLoop;

    DrainServerConnector(ConnectorTemplate template, LingerPolicy lingerPolicy) {
        super(
                template.server(),
                template.executor(),
                template.scheduler(),
                template.bufferPool(),
                template.acceptors(),
                template.selectors(),
                template.factories().toArray(ConnectionFactory[]::new));
        this.lingerPolicy = lingerPolicy;
        this.startCheck = template.startCheck();
        getSelectorManager().addEventListener(limbo());
    }

    PendingConnections limbo() {
        return ((DrainSelectorManager) getSelectorManager()).limbo;
    }

    /** Whether nothing that was accepted is without an endpoint, and no acceptor is between two calls. */
    boolean isAcceptorWaiting() {
        AcceptLoop loop = this.acceptLoop;
        return (loop == null || loop.isAcceptorWaiting()) && this.inHand.get() == 0 && limbo().isEmpty();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        this.startCheck.run();
    }

    @Override
    protected void doStop() throws Exception {
        try {
            super.doStop();
        } finally {
            limbo().close();
        }
    }

    /** Called while the superclass is being constructed. */
    @Override
    protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
        return new DrainSelectorManager(executor, scheduler, selectors);
    }

    @Override
    public void open(ServerSocketChannel channel) throws IOException {
        super.open(channel);
        this.acceptLoop = (getAcceptors() > 0) ? AcceptLoop.open(channel) : null;
    }

    @Override
    public void accept(int acceptorId) throws IOException {
        AcceptLoop loop = this.acceptLoop;
        if (loop == null) {
            super.accept(acceptorId);
            return;
        }
        SocketChannel channel = acceptNext(loop);
        if (channel != null) {
            try {
                handOn(channel);
            } finally {
                this.inHand.decrementAndGet();
            }
        } else if (!loop.isOpen()) {
            // Jetty ends its acceptor on this without a word, because the connector is not open.
            throw new ClosedChannelException();
        }
    }

    private @Nullable SocketChannel acceptNext(AcceptLoop loop) throws IOException {
        this.turn.lock();
        try {
            // Whoever has waited for its turn while accepting was ended must not begin with it.
            SocketChannel channel = (isAccepting() || !loop.isOpen()) ? loop.accept() : null;
            if (channel != null) {
                this.inHand.incrementAndGet();
            }
            return channel;
        } finally {
            this.turn.unlock();
        }
    }

    private void handOn(SocketChannel channel) throws IOException {
        boolean given = false;
        try {
            channel.configureBlocking(false);
            configure(channel.socket());
            getSelectorManager().accept(channel);
            given = true;
        } finally {
            if (!given) {
                limbo().leave(channel);
                IO.close(channel);
            }
        }
    }

    @Override
    public void setAccepting(boolean accepting) {
        // A connection limit that is cleared after the listener was closed would register it once more.
        if (!accepting || getAcceptors() > 0 || isOpen() || !isStarted()) {
            super.setAccepting(accepting);
        }
        AcceptLoop loop = this.acceptLoop;
        if (!accepting && loop != null) {
            loop.wakeup();
        }
    }

    /** Closes the listener behind the last connection that it holds. */
    void closeListener() throws IOException {
        AcceptLoop loop = this.acceptLoop;
        if (loop != null) {
            loop.closeGracefully(CLOSE_BOUND_MILLIS);
        } else if (getTransport() instanceof ServerSocketChannel channel && channel.isOpen()) {
            leaveSelector(channel);
            for (SocketChannel last = channel.accept(); last != null; last = channel.accept()) {
                handOn(last);
            }
            channel.close();
        }
    }

    /** A channel that is registered stays open in the kernel until its selector's next turn, so that one goes first. */
    private void leaveSelector(ServerSocketChannel channel) {
        super.setAccepting(false);
        long start = System.nanoTime();
        try {
            while (channel.isRegistered() && System.nanoTime() - start < CLOSE_BOUND_MILLIS * 1_000_000) {
                Thread.sleep(1);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        AcceptLoop loop = this.acceptLoop;
        if (loop != null) {
            try {
                loop.closeNow();
            } catch (IOException ex) {
                // Closed all the same.
            }
        }
        super.close();
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        DrainEndPoint endPoint = new DrainEndPoint(channel, selector, key, this, () -> this.lingerPolicy);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }

    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
        super.onEndPointOpened(endPoint);
        limbo().leave(endPoint.getTransport());
    }

    /** Jetty's manager of selectors, to which every accepted connection is given. */
    private final class DrainSelectorManager extends ServerConnectorManager {

        private final PendingConnections limbo = new PendingConnections();

        private DrainSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
            super(executor, scheduler, selectors);
        }

        @Override
        public void accept(SelectableChannel channel, @Nullable Object attachment) {
            this.limbo.enter(channel);
            super.accept(channel, attachment);
        }
    }
}
