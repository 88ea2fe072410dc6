// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.linger.ChannelEnd;
import io.github.springdrain.server.linger.LingerPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Jetty's endpoint of one connection, plain or below TLS, with an end that lingers, and that can be asked to leave as
 * soon as nothing has arrived. Thread-safe as its superclass.
 */
final class DrainEndPoint extends SocketChannelEndPoint {

    private final ChannelEnd end;

    private final Executor executor;

    private volatile SelectionKey key;

    private volatile boolean leaving;

    DrainEndPoint(
            SocketChannel channel,
            ManagedSelector selector,
            SelectionKey key,
            ServerConnector connector,
            Supplier<LingerPolicy> policy) {
        super(channel, selector, key, connector.getScheduler());
        this.executor = connector.getExecutor();
        this.key = key;
        this.end = new ChannelEnd(policy, () -> this.key.selector());
    }

    ChannelEnd end() {
        return this.end;
    }

    /**
     * Ends the connection if nothing has arrived on it: its reader sees the end of the input, which makes Jetty
     * close in good order. What has arrived by then is served first.
     */
    void leave() {
        this.leaving = true;
        this.executor.execute(() -> getFillInterest().fillable());
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        int filled = super.fill(buffer);
        if (filled > 0) {
            this.end.inputSeen();
            inputArrived();
        } else if (filled == 0 && this.leaving && Connections.isBetweenMessages(this)) {
            shutdownInput();
            return -1;
        }
        return filled;
    }

    private void inputArrived() {
        if (Connections.isReaderDone(this)) {
            // Jetty has stopped to read requests here and is going to close because of these very bytes.
            this.end.expectInput();
        }
    }

    @Override
    protected void doShutdownOutput() {
        if (Connections.isBodyUnread(this)) {
            this.end.expectInput();
        }
        super.doShutdownOutput();
    }

    @Override
    protected void needsFillInterest() {
        boolean outputShutdown = Connections.isOutputShutdown(this);
        if (outputShutdown && Connections.isBodyUnread(this)) {
            // Below TLS only close_notify has gone out at the end of the response.
            this.end.expectInput();
        } else if (Connections.isReaderDone(this) && (this.end.isInputExpected() || !outputShutdown)) {
            lingerNow();
            return;
        }
        super.needsFillInterest();
    }

    /**
     * Ends a connection whose response is complete, and where a part of the body is unread. Jetty would wait for more of
     * it, and then for its idle timeout, without having notified the peer where it has found that out behind the head of
     * its response.
     */
    private void lingerNow() {
        this.end.expectInput();
        this.executor.execute(Connections.decrypted(this)::close);
    }

    @Override
    public void replaceKey(SelectionKey newKey) {
        this.key = newKey;
        super.replaceKey(newKey);
    }

    /** The channel may stay open for a while after the connection has ended for Jetty. */
    @Override
    public boolean isOpen() {
        return !this.end.isEnded() && super.isOpen();
    }

    @Override
    public void doClose() {
        if (Connections.isBodyUnread(this)) {
            this.end.expectInput();
        }
        try {
            this.end.end(getChannel(), null);
        } catch (IOException ex) {
            // Closed all the same.
        }
    }
}
