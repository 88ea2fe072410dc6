// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.server.FailureCollector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every open connection of one connector once. Nothing is counted along the way of a request, so nothing can
 * drift.
 */
final class ConnectionScan {

    private ConnectionScan() {}

    static List<ConnectionSnapshot> snapshots(AbstractConnector connector) {
        List<ConnectionSnapshot> snapshots = new ArrayList<>();
        forEach(connector, (endPoint, state) -> snapshots.add(snapshot(endPoint, state)));
        return snapshots;
    }

    static List<ConnectionSnapshot> snapshots(PendingConnections pending) {
        return pending.channels().stream()
                .map((channel) -> new ConnectionSnapshot(ConnectionState.ACCEPTED, remote(channel), "TCP", List.of()))
                .toList();
    }

    /**
     * Visits each open connection that has an endpoint, with its state, and throws what the first one throws when all
     * have been visited.
     */
    static void forEach(AbstractConnector connector, BiConsumer<EndPoint, ConnectionState> visitor) {
        FailureCollector failures = new FailureCollector();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            if (endPoint.isOpen()) {
                failures.run(() -> visitor.accept(endPoint, Connections.state(endPoint)));
            }
        }
        failures.throwFirst();
    }

    static ConnectionSnapshot snapshot(EndPoint endPoint, ConnectionState state) {
        Connection connection = Connections.application(endPoint);
        return new ConnectionSnapshot(
                state,
                text(endPoint.getRemoteSocketAddress()),
                protocol(connection, state),
                requests(connection, state));
    }

    private static String protocol(@Nullable Connection connection, ConnectionState state) {
        if (connection != null && Http2Sessions.isHttp2(connection)) {
            return "HTTP/2";
        }
        return (state == ConnectionState.UPGRADED) ? "upgraded" : "HTTP/1.1";
    }

    private static List<RequestSnapshot> requests(@Nullable Connection connection, ConnectionState state) {
        boolean served = state == ConnectionState.IN_SERVICE || state == ConnectionState.RESPONDING;
        if (!served || connection == null) {
            return List.of();
        }
        if (Http2Sessions.isHttp2(connection)) {
            return Http2Sessions.requests(connection);
        }
        return Http1Connections.isHttp1(connection) ? Http1Connections.requests(connection) : List.of();
    }

    private static String remote(SelectableChannel channel) {
        try {
            return (channel instanceof SocketChannel socket) ? text(socket.getRemoteAddress()) : "?";
        } catch (IOException ex) {
            return "?";
        }
    }

    private static String text(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
            return inet.getAddress().getHostAddress() + ":" + inet.getPort();
        }
        return (address != null) ? address.toString() : "?";
    }
}
