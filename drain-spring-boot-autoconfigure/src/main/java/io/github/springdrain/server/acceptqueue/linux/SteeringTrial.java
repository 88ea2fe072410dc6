// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * A trial of steering with one back end, on two listeners of 127.0.0.1 that share a port and are thrown away: each
 * connection must get to the one it was steered to. What was set cannot be read back.
 */
final class SteeringTrial {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    /** By chance, all of them get where they should one time in 2 to the power of twice this. */
    private static final int CONNECTIONS = 5;

    private static final int BACKLOG = 2 * CONNECTIONS;

    private static final int CONNECT_MILLIS = 1000;

    private final SocketCalls calls;

    private final ProcSelf proc;

    SteeringTrial(SocketCalls calls, ProcSelf proc) {
        this.calls = calls;
        this.proc = proc;
    }

    /**
     * Runs the trial.
     *
     * @throws IOException if the kernel refuses to steer, or does not; the message says which
     */
    void run() throws IOException {
        try (ServerSocketChannel first = listen(0)) {
            InetSocketAddress address = (InetSocketAddress) first.getLocalAddress();
            try (ServerSocketChannel next = listen(address.getPort())) {
                List<ListenSockets.Descriptor> sockets =
                        ListenSockets.find(this.proc, address).own();
                if (sockets.isEmpty()) {
                    throw new IOException("the kernel does not show the listeners of the self-test at " + address);
                }
                this.calls.steer(sockets.get(0).fd(), ReusePortIndex.FIRST);
                requireAllAt(first, address);
                this.calls.steer(sockets.get(0).fd(), ReusePortIndex.NEXT);
                requireAllAt(next, address);
            }
        }
    }

    private static ServerSocketChannel listen(int port) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
            listener.configureBlocking(false);
            return listener;
        } catch (IOException | RuntimeException ex) {
            listener.close();
            throw ex;
        }
    }

    private static void requireAllAt(ServerSocketChannel listener, InetSocketAddress address) throws IOException {
        for (int i = 0; i < CONNECTIONS; i++) {
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET)) {
                client.socket().connect(address, CONNECT_MILLIS);
                try (SocketChannel accepted = listener.accept()) {
                    if (accepted == null) {
                        throw new IOException("it was set, and a connection of the self-test got elsewhere");
                    }
                }
            }
        }
    }
}
