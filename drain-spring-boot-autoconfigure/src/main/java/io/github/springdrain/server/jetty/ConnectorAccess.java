// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.linger.LingerPolicy;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.EventListener;
import java.util.List;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.IO;
import org.jspecify.annotations.Nullable;

/**
 * Where the selector manager of a connector can be extended without extending the connector, which is the application's
 * object: Jetty allows it to subclasses of its connector only. Never instantiated.
 */
final class ConnectorAccess extends ServerConnector {

    @SuppressWarnings("unused") // Never called.
    private ConnectorAccess(Server server) {
        super(server);
    }

    /**
     * Takes over from the manager that a connector was constructed with: gives each connection an endpoint that lingers,
     * and knows those that have none yet. Serves several cycles of start and stop.
     */
    static final class DrainSelectorManager extends ServerConnectorManager {

        private final ServerConnector connector;

        private final SelectorManager original;

        private final LingerPolicy lingerPolicy;

        private final PendingConnections pending = new PendingConnections();

        DrainSelectorManager(ServerConnector connector, LingerPolicy lingerPolicy) {
            connector.super(
                    connector.getExecutor(),
                    connector.getScheduler(),
                    connector.getSelectorManager().getSelectorCount());
            this.connector = connector;
            this.original = connector.getSelectorManager();
            this.lingerPolicy = lingerPolicy;
            setConnectTimeout(this.original.getConnectTimeout());
        }

        /** The manager that the connector was constructed with. */
        SelectorManager original() {
            return this.original;
        }

        PendingConnections pending() {
            return this.pending;
        }

        @Override
        protected void doStart() throws Exception {
            List.copyOf(getEventListeners()).forEach(this::removeEventListener);
            for (EventListener listener : this.original.getEventListeners()) {
                addEventListener(listener);
            }
            for (EventListener listener : this.connector.getBeans(SelectorManagerListener.class)) {
                addEventListener(listener);
            }
            addEventListener(this.pending);
            super.doStart();
        }

        @Override
        protected void doStop() throws Exception {
            try {
                super.doStop();
            } finally {
                this.pending.close();
            }
        }

        /** Takes a connection from the listener, as the connector does itself. */
        void take(SocketChannel channel) throws IOException {
            boolean given = false;
            try {
                channel.configureBlocking(false);
                configure(channel.socket());
                accept(channel);
                given = true;
            } finally {
                if (!given) {
                    this.pending.leave(channel);
                    IO.close(channel);
                }
            }
        }

        private void configure(Socket socket) {
            try {
                socket.setTcpNoDelay(this.connector.getAcceptedTcpNoDelay());
                if (this.connector.getAcceptedReceiveBufferSize() > -1) {
                    socket.setReceiveBufferSize(this.connector.getAcceptedReceiveBufferSize());
                }
                if (this.connector.getAcceptedSendBufferSize() > -1) {
                    socket.setSendBufferSize(this.connector.getAcceptedSendBufferSize());
                }
            } catch (SocketException ex) {
                // Closed by the peer: whoever reads from it finds out.
            }
        }

        @Override
        public void accept(SelectableChannel channel, @Nullable Object attachment) {
            this.pending.enter(channel);
            super.accept(channel, attachment);
        }

        /** A connection limit that is cleared after the listener was closed would register it once more. */
        @Override
        public Closeable acceptor(SelectableChannel server) {
            return server.isOpen() ? super.acceptor(server) : () -> {};
        }

        @Override
        protected SocketChannelEndPoint newEndPoint(
                SelectableChannel channel, ManagedSelector selector, SelectionKey key) {
            DrainEndPoint endPoint =
                    new DrainEndPoint((SocketChannel) channel, selector, key, this.connector, () -> this.lingerPolicy);
            endPoint.setIdleTimeout(this.connector.getIdleTimeout());
            return endPoint;
        }

        /** Later than Jetty reports a connection as accepted: before, it is not among the connector's endpoints. */
        @Override
        protected void endPointOpened(EndPoint endPoint) {
            super.endPointOpened(endPoint);
            this.pending.leave(endPoint.getTransport());
        }
    }
}
