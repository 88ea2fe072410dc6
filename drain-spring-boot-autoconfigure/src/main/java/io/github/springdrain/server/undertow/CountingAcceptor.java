package io.github.springdrain.server.undertow;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.Option;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import org.xnio.channels.ConnectedChannel;

/** An accepting channel as its accept listener sees it: the channel itself, with a count of what it accepts. */
final class CountingAcceptor<C extends ConnectedChannel> implements AcceptingChannel<C> {

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
