// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.server.GatedListener;
import io.undertow.Undertow;
import io.undertow.server.OpenListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Option;
import org.xnio.Options;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import org.xnio.channels.ConnectedChannel;

/**
 * One listener of Undertow's. XNIO accepts on one thread and hands over to others, so nothing is in the acceptor's hand
 * once that thread, and then each of the others, has taken a turn.
 */
final class ServerListener implements GatedListener {

    private static final Logger logger = LoggerFactory.getLogger(ServerListener.class);

    /** Each accepts until nothing is left, but 128 connections at most. */
    private static final int ACCEPT_ROUNDS = 40;

    private final Undertow.ListenerInfo info;

    private final InetSocketAddress address;

    private final @Nullable AcceptingChannel<?> channel;

    private final @Nullable OpenListener openListener;

    private final IoThreads threads;

    private final LongAdder accepted = new LongAdder();

    private volatile @Nullable CountDownLatch handedOn;

    ServerListener(Undertow.ListenerInfo info, IoThreads threads) {
        this.info = info;
        this.threads = threads;
        this.channel = Internals.channel(info);
        this.openListener = Internals.openListener(info);
        this.address = (info.getAddress() instanceof InetSocketAddress inet)
                ? inet
                : InetSocketAddress.createUnresolved("local", 0);
    }

    /** Puts the handler in front of those that new connections get, and counts them from now on. */
    void install(RequestWatch watch) {
        if (this.channel != null) {
            count(this.channel);
        }
        OpenListener listener = this.openListener;
        if (listener == null) {
            return;
        }
        for (OpenListener protocol : Internals.byProtocol(listener)) {
            protocol.setRootHandler(watch.inFrontOf(protocol.getRootHandler()));
        }
    }

    /**
     * Counts connections as they are accepted, and leaves the rest to the accept listener that is there: it may have a
     * header to read and TLS to begin before the connection gets to the protocol.
     */
    @SuppressWarnings("unchecked") // A channel's setter and listener are of its own type.
    private <C extends ConnectedChannel> void count(AcceptingChannel<C> accepting) {
        ChannelListener<AcceptingChannel<C>> accepts =
                (ChannelListener<AcceptingChannel<C>>) Internals.acceptListener(accepting);
        if (accepts == null) {
            return;
        }
        AcceptingChannel<C> counting = new CountingAcceptor<>(accepting, this.accepted);
        ChannelListener.Setter<AcceptingChannel<C>> setter =
                (ChannelListener.Setter<AcceptingChannel<C>>) accepting.getAcceptSetter();
        setter.set((channel) -> accepts.handleEvent(counting));
    }

    String name() {
        return this.info.getProtcol() + " " + this.address;
    }

    boolean isOpen() {
        AcceptingChannel<?> accepting = this.channel;
        return accepting != null && accepting.isOpen() && this.threads.isRunning();
    }

    /** The open connections, as Undertow holds them. */
    List<Object> connections() {
        OpenListener listener = this.openListener;
        return (listener == null)
                ? List.of()
                : Internals.byProtocol(listener).stream()
                        .flatMap((protocol) -> Internals.connections(protocol).stream())
                        .toList();
    }

    /** Lets the acceptor take whatever the kernel holds, and releases it if it waits for a connection to end. */
    void liftConnectionLimit() {
        try {
            this.info.setSocketOption(Options.CONNECTION_LOW_WATER, Integer.MAX_VALUE);
        } catch (IOException | RuntimeException ex) {
            logger.debug("The connection limit of {} could not be lifted", this, ex);
        }
    }

    /**
     * Has the accepting thread, which calls this, take whatever the kernel holds, behind what it has queued. Deprecated in
     * XNIO, without another way to have it accept without a turn of its selector.
     */
    @SuppressWarnings("deprecation")
    void accept() {
        AcceptingChannel<?> accepting = this.channel;
        for (int i = 0; i < ACCEPT_ROUNDS && accepting != null; i++) {
            accepting.wakeupAccepts();
        }
    }

    /** Closes the listener; on another thread than the accepting one, this waits for that. */
    void close() {
        IoUtils.safeClose(this.channel);
    }

    @Override
    public InetSocketAddress address() {
        return this.address;
    }

    /** Looks at the marker that the last call has sent through the threads, then sends the next. */
    @Override
    public boolean isAcceptorWaiting() {
        XnioIoThread thread = this.threads.acceptThread();
        if (!isOpen() || thread == null) {
            return true;
        }
        CountDownLatch marker = this.handedOn;
        if (marker != null && marker.getCount() > 0) {
            return false;
        }
        this.handedOn = null;
        if (marker != null) {
            return true;
        }
        CountDownLatch fresh = new CountDownLatch(1);
        this.handedOn = fresh;
        IoThreads.execute(thread, () -> this.threads.afterQueued(fresh::countDown));
        return false;
    }

    @Override
    public long accepted() {
        return this.accepted.sum();
    }

    @Override
    public String toString() {
        return name();
    }

    /** An accepting channel as its accept listener sees it: the channel itself, with a count of what it accepts. */
    private static final class CountingAcceptor<C extends ConnectedChannel> implements AcceptingChannel<C> {

        private final AcceptingChannel<C> channel;

        private final LongAdder accepted;

        CountingAcceptor(AcceptingChannel<C> channel, LongAdder accepted) {
            this.channel = channel;
            this.accepted = accepted;
        }

        /** XNIO asks once more than there are connections where several come at a time. */
        @Override
        public @Nullable C accept() throws IOException {
            C connection = this.channel.accept();
            if (connection != null) {
                this.accepted.increment();
            }
            return connection;
        }

        @Override
        public ChannelListener.Setter<? extends AcceptingChannel<C>> getAcceptSetter() {
            return this.channel.getAcceptSetter();
        }

        @Override
        public ChannelListener.Setter<? extends AcceptingChannel<C>> getCloseSetter() {
            return this.channel.getCloseSetter();
        }

        @Override
        public SocketAddress getLocalAddress() {
            return this.channel.getLocalAddress();
        }

        @Override
        public <A extends SocketAddress> A getLocalAddress(Class<A> type) {
            return this.channel.getLocalAddress(type);
        }

        @Override
        public void suspendAccepts() {
            this.channel.suspendAccepts();
        }

        @Override
        public void resumeAccepts() {
            this.channel.resumeAccepts();
        }

        @Override
        public boolean isAcceptResumed() {
            return this.channel.isAcceptResumed();
        }

        @Override
        @Deprecated
        public void wakeupAccepts() {
            this.channel.wakeupAccepts();
        }

        @Override
        public void awaitAcceptable() throws IOException {
            this.channel.awaitAcceptable();
        }

        @Override
        public void awaitAcceptable(long time, TimeUnit timeUnit) throws IOException {
            this.channel.awaitAcceptable(time, timeUnit);
        }

        @Override
        @Deprecated
        public XnioExecutor getAcceptThread() {
            return this.channel.getAcceptThread();
        }

        @Override
        public XnioIoThread getIoThread() {
            return this.channel.getIoThread();
        }

        @Override
        public XnioWorker getWorker() {
            return this.channel.getWorker();
        }

        @Override
        public boolean isOpen() {
            return this.channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            this.channel.close();
        }

        @Override
        public boolean supportsOption(Option<?> option) {
            return this.channel.supportsOption(option);
        }

        @Override
        public <T> @Nullable T getOption(Option<T> option) throws IOException {
            return this.channel.getOption(option);
        }

        @Override
        public <T> @Nullable T setOption(Option<T> option, T value) throws IOException {
            return this.channel.setOption(option, value);
        }
    }
}
