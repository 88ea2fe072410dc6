// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/** A plain channel that ends without RST. */
final class LingerNioChannel extends NioChannel implements LingerChannel {

    private final ChannelState state;

    LingerNioChannel(SocketBufferHandler buffers, DrainNioEndpoint endpoint) {
        super(buffers);
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
    public void close() throws IOException {
        this.state.end().end(this.sc, null);
    }

    @Override
    public ChannelState state() {
        return this.state;
    }

    @Override
    public boolean isHandshaking() {
        return false;
    }

    @Override
    public boolean peekHandshake() {
        return false;
    }
}
