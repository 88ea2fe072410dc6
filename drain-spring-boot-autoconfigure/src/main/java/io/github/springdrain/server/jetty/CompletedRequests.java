// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;

/** Counts the requests that one connector has completed, by what each connection has counted when it ends. Thread-safe. */
final class CompletedRequests implements Connection.Listener {

    private final LongAdder ended = new LongAdder();

    @Override
    public void onClosed(Connection connection) {
        if (isHttp(connection)) {
            this.ended.add(connection.getMessagesIn());
        }
    }

    /** Those of connections that have ended, and of those that are open without the requests in service. */
    long count(AbstractConnector connector) {
        long count = this.ended.sum();
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            Connection connection = Connections.application(endPoint);
            if (connection != null && isHttp(connection)) {
                count += Math.max(0, connection.getMessagesIn() - inService(connection));
            }
        }
        return count;
    }

    private static long inService(Connection connection) {
        return Http2Sessions.isHttp2(connection)
                ? Http2Sessions.streams(connection)
                : Http1Connections.inService(connection);
    }

    private static boolean isHttp(Connection connection) {
        return Http2Sessions.isHttp2(connection) || Http1Connections.isHttp1(connection);
    }
}
