package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.server.linger.ChannelEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/** A TLS channel that ends without RST: close_notify, then FIN. */
final class LingerSecureNioChannel extends SecureNioChannel implements LingerChannel {

    private final ChannelEnd end;

    private final ConnectionProgress clock = new ConnectionProgress();

    LingerSecureNioChannel(SocketBufferHandler buffers, DrainNioEndpoint endpoint) {
        super(buffers, endpoint);
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
    public void close(boolean force) throws IOException {
        boolean notified = false;
        try {
            close();
            notified = true;
        } finally {
            if (force || this.closed) {
                this.closed = true;
                this.end.end(this.sc, notified ? unsentNotify() : null);
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
    public ChannelEnd end() {
        return this.end;
    }

    @Override
    public ConnectionProgress clock() {
        return this.clock;
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
