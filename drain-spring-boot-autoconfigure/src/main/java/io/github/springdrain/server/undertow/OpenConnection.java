package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    /** Tells the peer that it has to go, where its protocol has a word for that; once. */
    void tell();

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
}
