// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;

/**
 * Notifies WebSocket peers that the server is going away, with close frame 1001 (RFC 6455 section 7.4.1); Jetty closes
 * the connection when the peer has responded to it. Where a session cannot be reached, it ends the way Jetty ends idle
 * ones, with the same code and their reason.
 */
final class WebSockets {

    private static final String REASON = "The server is going away";

    private WebSockets() {}

    static void notifyOfClose(Connection connection) {
        Object session = Internals.webSocketSession(connection);
        if (session == null) {
            connection.onIdleExpired(new TimeoutException(REASON));
        } else {
            ((CoreSession) session).close(new GoingAway(), Callback.NOOP);
        }
    }

    /**
     * Jetty takes every code but 1000 for that of a failure, upon which it ends the connection at once. The peer is well,
     * so that it gets the time to respond (RFC 6455 section 5.5.1).
     */
    private static final class GoingAway extends CloseStatus {

        GoingAway() {
            super(SHUTDOWN, REASON);
        }

        @Override
        public boolean isAbnormal() {
            return false;
        }
    }
}
