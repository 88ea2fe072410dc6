// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.server.GatedListener;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A real listener whose acceptor, once started, sends one byte on each connection. */
final class TestServer implements GatedListener, Closeable {

    private static final int BACKLOG = 128;

    private static final int CONNECT_MILLIS = 10_000;

    private final ServerSocketChannel listener;

    private final InetSocketAddress address;

    private final AtomicLong accepted = new AtomicLong();

    private final List<SocketChannel> channels = new CopyOnWriteArrayList<>();

    private volatile CountDownLatch handOn = new CountDownLatch(0);

    private volatile @Nullable Thread acceptor;

    private TestServer(ServerSocketChannel listener) throws IOException {
        this.listener = listener;
        this.address = (InetSocketAddress) listener.getLocalAddress();
    }

    /** On the IPv4 loopback address. */
    static TestServer open() throws IOException {
        return open(StandardProtocolFamily.INET, Addresses.IPV4_LOOPBACK);
    }

    static TestServer open(ProtocolFamily family, InetAddress address) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(family);
        return new TestServer(listener.bind(new InetSocketAddress(address, 0), BACKLOG));
    }

    /** On a port of the IPv4 loopback address that others may share. */
    static TestServer openShared(int port) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
        listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        return new TestServer(listener.bind(new InetSocketAddress(Addresses.IPV4_LOOPBACK, port), BACKLOG));
    }

    ServerSocketChannel channel() {
        return this.listener;
    }

    /** Holds what the acceptor takes in its hand until the latch opens. */
    void beforeHandOn(CountDownLatch latch) {
        this.handOn = latch;
    }

    void startAcceptor() {
        Thread thread = new Thread(() -> unchecked(this::accept), "test-acceptor");
        thread.setDaemon(true);
        this.acceptor = thread;
        thread.start();
    }

    private void accept() throws IOException {
        try {
            while (true) {
                SocketChannel connection = this.listener.accept();
                this.accepted.incrementAndGet();
                this.handOn.await();
                connection.write(ByteBuffer.wrap(new byte[] {1}));
                this.channels.add(connection);
            }
        } catch (ClosedChannelException ex) {
            // The end of the test.
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    /** Connects a client over loopback. */
    SocketChannel connect() throws IOException {
        SocketChannel client = SocketChannel.open();
        this.channels.add(client);
        InetAddress target = this.address.getAddress();
        client.socket()
                .connect(
                        new InetSocketAddress(
                                target.isAnyLocalAddress() ? Addresses.IPV4_LOOPBACK : target, this.address.getPort()),
                        CONNECT_MILLIS);
        return client;
    }

    /** Whether the server responds to a client that is connected. */
    static boolean hasResponse(SocketChannel client) throws IOException {
        return client.read(ByteBuffer.allocate(1)) == 1;
    }

    @Override
    public InetSocketAddress address() {
        return this.address;
    }

    @Override
    public boolean isAcceptorWaiting() {
        return AcceptorThreads.isParked(this.address);
    }

    @Override
    public long accepted() {
        return this.accepted.get();
    }

    /** Closes the listener alone. */
    void stopListening() throws IOException {
        this.listener.close();
    }

    @Override
    public void close() throws IOException {
        stopListening();
        this.handOn.countDown();
        Thread thread = this.acceptor;
        if (thread != null) {
            try {
                thread.join(CONNECT_MILLIS);
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
        for (SocketChannel channel : this.channels) {
            channel.close();
        }
    }

    static void unchecked(Action action) {
        try {
            action.run();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Something with sockets. */
    interface Action {

        void run() throws IOException;
    }
}
