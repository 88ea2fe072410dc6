// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.ManagementRegistration;
import org.xnio.Option;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptListenerSettable;
import org.xnio.channels.AcceptingChannel;
import org.xnio.management.XnioServerMXBean;
import org.xnio.management.XnioWorkerMXBean;

/**
 * A worker of XNIO's that listens with {@code SO_REUSEPORT}, for which XNIO has no option. Everything else is done by the
 * worker behind it, whose threads serve all connections. Undertow does not end a worker that it was given.
 */
final class ReusePortWorker extends XnioWorker {

    private final XnioWorker worker;

    ReusePortWorker(XnioWorker worker) {
        super(worker.getXnio().createWorkerBuilder().setExternalExecutorService(worker));
        this.worker = worker;
    }

    /** The worker whose threads do the work: the one behind, or the given one itself. */
    static XnioWorker behind(XnioWorker worker) {
        return (worker instanceof ReusePortWorker sharing) ? sharing.worker : worker;
    }

    @Override
    @SuppressWarnings("unchecked") // XNIO's class takes listeners for itself.
    protected AcceptingChannel<StreamConnection> createTcpConnectionServer(
            InetSocketAddress address,
            ChannelListener<? super AcceptingChannel<StreamConnection>> acceptListener,
            OptionMap options)
            throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        try {
            if (options.contains(Options.RECEIVE_BUFFER)) {
                listener.socket().setReceiveBufferSize(options.get(Options.RECEIVE_BUFFER, -1));
            }
            listener.socket().setReuseAddress(options.get(Options.REUSE_ADDRESSES, true));
            listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            listener.configureBlocking(false);
            listener.bind(address, options.get(Options.BACKLOG, 0));
            AcceptingChannel<StreamConnection> server = Internals.acceptingChannel(this.worker, listener, options);
            ((AcceptListenerSettable<AcceptingChannel<StreamConnection>>) server).setAcceptListener(acceptListener);
            return server;
        } catch (IOException | RuntimeException ex) {
            IoUtils.safeClose(listener);
            throw ex;
        }
    }

    @Override
    public void execute(Runnable command) {
        this.worker.execute(command);
    }

    @Override
    public void shutdown() {
        this.worker.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return this.worker.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return this.worker.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return this.worker.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return this.worker.awaitTermination(timeout, unit);
    }

    @Override
    public void awaitTermination() throws InterruptedException {
        this.worker.awaitTermination();
    }

    @Override
    public XnioIoThread getIoThread(int hashCode) {
        return this.worker.getIoThread(hashCode);
    }

    @Override
    public int getIoThreadCount() {
        return this.worker.getIoThreadCount();
    }

    @Override
    protected XnioIoThread chooseThread() {
        return this.worker.getIoThread();
    }

    @Override
    public boolean supportsOption(Option<?> option) {
        return this.worker.supportsOption(option);
    }

    @Override
    public <T> T getOption(Option<T> option) throws IOException {
        return this.worker.getOption(option);
    }

    @Override
    public <T> T setOption(Option<T> option, T value) throws IOException {
        return this.worker.setOption(option, value);
    }

    @Override
    public XnioWorkerMXBean getMXBean() {
        return this.worker.getMXBean();
    }

    @Override
    protected ManagementRegistration registerServerMXBean(XnioServerMXBean bean) {
        throw new UnsupportedOperationException("The worker behind registers its servers itself");
    }
}
