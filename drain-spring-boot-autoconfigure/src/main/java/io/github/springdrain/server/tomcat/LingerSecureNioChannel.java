// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/** A TLS channel that ends without RST: close_notify, then FIN. */
final class LingerSecureNioChannel extends SecureNioChannel implements LingerChannel {

    private final ChannelState state;

    LingerSecureNioChannel(SocketBufferHandler buffers, DrainNioEndpoint endpoint) {
        super(buffers, endpoint);
        this.state = new ChannelState(endpoint);
    }

    @Override
    public void reset(@Nullable SocketChannel channel, @Nullable NioSocketWrapper wrapper) throws IOException {
        super.reset(channel, wrapper);
        this.state.reset(channel);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return this.state.read(super.read(target));
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return this.state.read(super.read(targets, offset, length));
    }

    @Override
    public boolean isOpen() {
        return !this.state.end().isEnded() && super.isOpen();
    }

    @Override
    public void close(boolean force) throws IOException {
        boolean notified = false;
        try {
            close();
            notified = true;
        } finally {
            if (force || this.closed) {
                this.closed = true;
                this.state.end().end(this.sc, notified ? unsentNotify() : null);
            }
        }
    }

    /** What did not fit into the socket's buffer of the close_notify; copied, because this channel is pooled. */
    private @Nullable ByteBuffer unsentNotify() {
        if (this.sslEngine == null || !this.netOutBuffer.hasRemaining()) {
            return null;
        }
        return ByteBuffer.allocate(this.netOutBuffer.remaining())
                .put(this.netOutBuffer)
                .flip();
    }

    @Override
    public ChannelState state() {
        return this.state;
    }

    @Override
    public boolean isHandshaking() {
        return !isHandshakeComplete() && (this.sniComplete || this.netInBuffer.position() > 0);
    }

    @Override
    public boolean peekHandshake() {
        if (this.sniComplete) {
            return true;
        }
        try {
            // Tomcat looks for the ClientHello in this very buffer and reads on behind what is there.
            return this.sc.read(this.netInBuffer) > 0 || this.netInBuffer.position() > 0;
        } catch (IOException ex) {
            return false;
        }
    }
}
