package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionState;
import io.undertow.server.protocol.framed.AbstractFramedChannel;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioIoThread;

/** A connection that speaks in frames. */
abstract class FramedConnection implements OpenConnection {

    private final AbstractFramedChannel<?, ?, ?> channel;

    FramedConnection(AbstractFramedChannel<?, ?, ?> channel) {
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
