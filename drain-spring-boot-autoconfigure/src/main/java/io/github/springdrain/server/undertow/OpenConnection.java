// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import io.undertow.server.protocol.framed.AbstractFramedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;

/** One open connection, by what it speaks. Its methods are called by its own I/O thread, where nothing changes it. */
interface OpenConnection {

    /** Undertow's object for it. */
    Object key();

    XnioIoThread ioThread();

    /** What it does; {@code null} where the drain has nothing to do with it any more. */
    @Nullable ConnectionState state();

    /** Changes whenever the connection gets on within its state. */
    long progress();

    String protocol();

    @Nullable SocketAddress peer();

    List<RequestSnapshot> requests();

    /** Notifies the client that the connection ends, where its protocol has a frame for that; once. */
    void notifyClient();

    /** Ends it with FIN, unless a request has arrived, which is served instead. */
    void endIdle(ConnectionState state);

    /** Ends it at once. */
    void abort(ConnectionState state);

    default ConnectionSnapshot snapshot(ConnectionState state) {
        boolean busy = state == ConnectionState.IN_SERVICE || state == ConnectionState.RESPONDING;
        String remote = (peer() instanceof InetSocketAddress inet && inet.getAddress() != null)
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : "?";
        return new ConnectionSnapshot(state, remote, protocol(), busy ? requests() : List.of());
    }

    /** A connection that speaks in frames. */
    abstract class Framed implements OpenConnection {

        private final AbstractFramedChannel<?, ?, ?> channel;

        Framed(AbstractFramedChannel<?, ?, ?> channel) {
            this.channel = channel;
        }

        @Override
        public final Object key() {
            return this.channel;
        }

        @Override
        public final XnioIoThread ioThread() {
            return this.channel.getIoThread();
        }

        @Override
        public final @Nullable SocketAddress peer() {
            return this.channel.getPeerAddress();
        }

        @Override
        public void abort(ConnectionState state) {
            IoUtils.safeClose(this.channel);
        }

        final boolean isOpen() {
            return this.channel.isOpen();
        }
    }
}
