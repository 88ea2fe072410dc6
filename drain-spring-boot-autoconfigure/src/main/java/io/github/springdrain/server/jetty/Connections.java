// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.ConnectionState;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what the connection of an endpoint is doing, from the objects that Jetty keeps anyway. What is seen of a
 * connection that a thread is busy with may be a moment old.
 */
final class Connections {

    /** What an engine's session is called before the first handshake has ended. */
    private static final String NO_TLS_PROTOCOL = "NONE";

    private Connections() {}

    /** The endpoint that speaks HTTP: the one above TLS where there is TLS. */
    static EndPoint decrypted(EndPoint endPoint) {
        return (endPoint.getConnection() instanceof SslConnection ssl) ? ssl.getSslEndPoint() : endPoint;
    }

    /** The connection that speaks HTTP; {@code null} where none has been made yet. */
    static @Nullable Connection application(EndPoint endPoint) {
        return decrypted(endPoint).getConnection();
    }

    static ConnectionState state(EndPoint endPoint) {
        Connection connection = endPoint.getConnection();
        if (connection == null) {
            return ConnectionState.ACCEPTED;
        }
        if (connection instanceof SslConnection ssl && isHandshaking(ssl)) {
            return (ssl.getBytesIn() == 0) ? ConnectionState.NEW : ConnectionState.HANDSHAKE;
        }
        Connection application = application(endPoint);
        if (application == null) {
            return ConnectionState.ACCEPTED;
        }
        if (Http2Sessions.isHttp2(application)) {
            return Http2Sessions.state(application);
        }
        if (Http1Connections.isHttp1(application)) {
            return Http1Connections.state(application, endPoint);
        }
        if (isBeforeFirstProtocol(application)) {
            boolean begun =
                    endPoint instanceof DrainEndPoint drain && drain.end().isInputSeen();
            return begun ? ConnectionState.HANDSHAKE : ConnectionState.NEW;
        }
        return Http1Connections.isSeenInto() ? ConnectionState.UPGRADED : stateByFillInterest(application);
    }

    /** Whether TLS is there. */
    static boolean isSecure(EndPoint endPoint) {
        return endPoint.getConnection() instanceof SslConnection;
    }

    /** Whether TLS is there, and its first handshake has not ended. */
    static boolean isHandshaking(EndPoint endPoint) {
        return endPoint.getConnection() instanceof SslConnection ssl && isHandshaking(ssl);
    }

    private static boolean isHandshaking(SslConnection ssl) {
        SSLEngine engine = ssl.getSSLEngine();
        boolean first = NO_TLS_PROTOCOL.equals(engine.getSession().getProtocol());
        // The session is there before the server has written its own part, and before the client's part of the end.
        boolean unfinished = engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
        return first || unfinished || ssl.getSslEndPoint().getConnection() instanceof NegotiatingServerConnection;
    }

    /** Whether it waits for the first bytes, a PROXY header for instance, to give way to what speaks HTTP. */
    private static boolean isBeforeFirstProtocol(Connection connection) {
        return Http1Connections.isSeenInto() && connection instanceof Connection.UpgradeFrom;
    }

    /** A connection waits for input between its requests, and for nothing else without being busy. */
    private static ConnectionState stateByFillInterest(Connection connection) {
        if (!connection.getEndPoint().isFillInterested()) {
            return ConnectionState.IN_SERVICE;
        }
        return (connection.getMessagesIn() == 0) ? ConnectionState.NEW : ConnectionState.IDLE;
    }

    /** Whether nothing of a request has been read that has got no response. */
    static boolean isBetweenMessages(EndPoint endPoint) {
        Connection connection = application(endPoint);
        return connection != null && Http1Connections.isBetweenMessages(connection);
    }

    /** Whether Jetty has closed the connection's parser, so that what still arrives ends the connection. */
    static boolean isReaderDone(EndPoint endPoint) {
        Connection connection = application(endPoint);
        return connection != null && Http1Connections.isReaderDone(connection);
    }

    /** Whether a part of a request's body has not been read. */
    static boolean isBodyUnread(EndPoint endPoint) {
        Connection connection = application(endPoint);
        return connection != null && Http1Connections.isBodyUnread(connection);
    }

    static boolean isOutputShutdown(EndPoint endPoint) {
        return decrypted(endPoint).isOutputShutdown();
    }
}
