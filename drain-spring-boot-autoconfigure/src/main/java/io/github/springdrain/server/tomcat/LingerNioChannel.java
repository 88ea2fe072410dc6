package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.server.linger.ChannelEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/** A plain channel that ends without RST. */
final class LingerNioChannel extends NioChannel implements LingerChannel {

    private final ChannelEnd end;

    private final ConnectionProgress clock = new ConnectionProgress();

    LingerNioChannel(SocketBufferHandler buffers, DrainNioEndpoint endpoint) {
        super(buffers);
        this.end = new ChannelEnd(endpoint::lingerPolicy, endpoint::pollerSelector);
    }

    @Override
    public void reset(@Nullable SocketChannel channel, @Nullable NioSocketWrapper wrapper) throws IOException {
        super.reset(channel, wrapper);
        if (channel != null) {
            this.end.arm();
            this.clock.reset();
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = super.read(target);
        if (count > 0) {
            this.end.inputSeen();
        }
        return count;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long count = super.read(targets, offset, length);
        if (count > 0) {
            this.end.inputSeen();
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return !this.end.isEnded() && super.isOpen();
    }

    @Override
    public void close() throws IOException {
        this.end.end(this.sc, null);
    }

    @Override
    public ChannelEnd end() {
        return this.end;
    }

    @Override
    public ConnectionProgress clock() {
        return this.clock;
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
