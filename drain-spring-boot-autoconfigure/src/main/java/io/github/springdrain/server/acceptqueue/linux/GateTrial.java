package io.github.springdrain.server.acceptqueue.linux;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * A trial of one gate with one back end, on a listener of 127.0.0.1 that is thrown away: a connection that was there
 * before must survive, one that comes after must not get through.
 */
final class GateTrial {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private static final int BACKLOG = 8;

    private static final int CONNECT_MILLIS = 1000;

    /** On loopback the kernel completes a handshake within the call, so what takes longer was dropped. */
    private static final int DROPPED_MILLIS = 100;

    private final Gate gate;

    private final SocketCalls calls;

    private final ProcSelf proc;

    GateTrial(Gate gate, SocketCalls calls, ProcSelf proc) {
        this.gate = gate;
        this.calls = calls;
        this.proc = proc;
    }

    /**
     * Runs the trial.
     *
     * @throws IOException if the gate cannot be set, or does not work; the message says which
     */
    void run() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.INET);
                SocketChannel before = SocketChannel.open(StandardProtocolFamily.INET)) {
            listener.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), 0), BACKLOG);
            listener.configureBlocking(false);
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            before.socket().connect(address, CONNECT_MILLIS);
            this.gate.set(this.calls, find(address).fd());
            requireClosed(address);
            requireQueued(listener);
        }
    }

    private ListenSocket find(InetSocketAddress address) throws IOException {
        List<ListenSocket> sockets = ListenSockets.find(this.proc, address).own();
        if (sockets.isEmpty()) {
            throw new IOException("the kernel does not show the listener of the self-test at " + address);
        }
        return sockets.get(0);
    }

    private void requireClosed(InetSocketAddress address) throws IOException {
        boolean refusing = this.gate == Gate.DEVICE;
        try (SocketChannel after = SocketChannel.open(StandardProtocolFamily.INET)) {
            after.socket().connect(address, refusing ? CONNECT_MILLIS : DROPPED_MILLIS);
        } catch (ConnectException ex) {
            if (refusing) {
                return;
            }
            throw ex;
        } catch (SocketTimeoutException ex) {
            if (!refusing) {
                return;
            }
            throw ex;
        }
        throw new IOException("it was set, and a new connection of the self-test came through");
    }

    private static void requireQueued(ServerSocketChannel listener) throws IOException {
        try (SocketChannel queued = listener.accept()) {
            if (queued == null) {
                throw new IOException("it was set, and the connection that waited in the queue is gone");
            }
        }
    }
}
