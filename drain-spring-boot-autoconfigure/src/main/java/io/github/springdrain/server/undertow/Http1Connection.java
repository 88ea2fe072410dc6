// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.XnioIoThread;
import org.xnio.conduits.ConduitStreamSourceChannel;

/** A connection that speaks HTTP/1.1, or something unknown after an upgrade. */
record Http1Connection(HttpServerConnection connection, Lingering lingering) implements OpenConnection {

    private static final String NO_CIPHER = "SSL_NULL_WITH_NULL_NULL";

    @Override
    public Object key() {
        return this.connection;
    }

    @Override
    public XnioIoThread ioThread() {
        return this.connection.getIoThread();
    }

    @Override
    public @Nullable ConnectionState state() {
        if (!this.connection.isOpen() || this.lingering.contains(this.connection)) {
            return null;
        }
        HttpServerExchange exchange = Internals.current(this.connection);
        if (exchange != null) {
            return exchange.isResponseStarted() ? ConnectionState.RESPONDING : ConnectionState.IN_SERVICE;
        }
        if (!Internals.isTransparent()) {
            return ConnectionState.IN_SERVICE;
        }
        return this.connection.getChannel().isWriteShutdown() ? ConnectionState.CLOSING : stateAtRest();
    }

    private ConnectionState stateAtRest() {
        Object listener = readListener();
        if (listener == null || !Internals.isAwaitingRequest(listener)) {
            return ConnectionState.UPGRADED;
        }
        if (Internals.headBytes(listener) > 0) {
            return ConnectionState.READING_HEAD;
        }
        if (this.connection.getExtraBytes() != null) {
            return ConnectionState.IN_SERVICE;
        }
        if (isHandshaking()) {
            return ConnectionState.HANDSHAKE;
        }
        return Internals.hasResponded(this.connection) ? ConnectionState.IDLE : ConnectionState.NEW;
    }

    private boolean isHandshaking() {
        SSLSession session = this.connection.getSslSession();
        return session != null && NO_CIPHER.equals(session.getCipherSuite());
    }

    private @Nullable Object readListener() {
        return this.connection.getChannel().getSourceChannel().getReadListener();
    }

    @Override
    public long progress() {
        Object listener = readListener();
        return (listener != null) ? Internals.headBytes(listener) : 0;
    }

    @Override
    public String protocol() {
        Object listener = readListener();
        boolean upgraded = Internals.current(this.connection) == null
                && listener != null
                && !Internals.isAwaitingRequest(listener);
        return upgraded ? "upgraded" : "HTTP/1.1";
    }

    @Override
    public @Nullable SocketAddress peer() {
        return this.connection.getPeerAddress();
    }

    @Override
    public List<RequestSnapshot> requests() {
        HttpServerExchange exchange = Internals.current(this.connection);
        return (exchange != null) ? List.of(RequestSnapshots.of(exchange)) : List.of();
    }

    @Override
    public void notifyClient() {}

    @Override
    public void endIdle(ConnectionState state) {
        if (state == ConnectionState.NEW || state == ConnectionState.IDLE) {
            readArrived();
            if (state() != state) {
                return;
            }
        }
        if (this.lingering.isEnabled() && state != ConnectionState.HANDSHAKE) {
            this.lingering.end(this.connection, false, () -> {});
        } else {
            PipelinedRequests.send(this.connection, this::close, this::close);
        }
    }

    private void close() {
        IoUtils.safeClose(this.connection.getChannel());
    }

    /** A request may have arrived that the selector has not reported yet. */
    @SuppressWarnings("unchecked") // The listener is the one that was set for this very channel.
    private void readArrived() {
        ConduitStreamSourceChannel source = this.connection.getChannel().getSourceChannel();
        ChannelListener<? super ConduitStreamSourceChannel> listener =
                (ChannelListener<? super ConduitStreamSourceChannel>) source.getReadListener();
        if (listener != null) {
            listener.handleEvent(source);
        }
    }

    /** A FIN would make a response look complete where only the end of the connection delimits it. */
    @Override
    public void abort(ConnectionState state) {
        if (state == ConnectionState.RESPONDING) {
            try {
                this.connection.setOption(Options.CLOSE_ABORT, true);
            } catch (IOException | RuntimeException ex) {
                // Closed meanwhile.
            }
        }
        HttpServerExchange exchange = Internals.current(this.connection);
        IoUtils.safeClose(this.connection.getChannel());
        if (exchange != null) {
            ServingThread.interrupt(exchange);
        }
    }
}
