// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.server.IdleLimits;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.jspecify.annotations.Nullable;

/**
 * Closes the connections of one connector that have no request, each kind after its own limit, and serves those on which
 * one has arrived in the last moment. Used by the drain's thread.
 */
final class IdleSweep {

    private final AbstractConnector connector;

    private final Map<EndPoint, ConnectionProgress> clocks = new WeakHashMap<>();

    private final Http2GracefulClose.PerConnection http2;

    IdleSweep(AbstractConnector connector, Http2GracefulClose.PerConnection http2) {
        this.connector = connector;
        this.http2 = http2;
    }

    void run(IdleLimits limits) {
        long now = System.nanoTime();
        ConnectionScan.forEach(this.connector, (endPoint, state) -> sweep(endPoint, state, limits, now));
    }

    private void sweep(EndPoint endPoint, ConnectionState state, IdleLimits limits, long now) {
        Connection connection = Connections.application(endPoint);
        if (Connections.isHandshaking(endPoint)) {
            this.http2.handshaking(endPoint);
        } else if (connection != null && Http2Sessions.isHttp2(connection)) {
            this.http2.of(endPoint, connection).step(endPoint, connection, limits, now);
            return;
        }
        ConnectionProgress clock = this.clocks.computeIfAbsent(endPoint, (key) -> new ConnectionProgress());
        if (state == ConnectionState.UPGRADED && connection != null) {
            sweepUpgraded(endPoint, connection, clock, limits, now);
            return;
        }
        long unchanged = clock.unchangedFor(state, (connection != null) ? connection.getBytesIn() : 0, now);
        if (isHalfClosedByPeerSending(endPoint, state)) {
            endPoint.close();
        } else if (limits.isOutlived(state, unchanged)) {
            end(endPoint, connection, state);
        }
    }

    /** What an upgraded connection still sends is no progress towards its end. */
    private static void sweepUpgraded(
            EndPoint endPoint, Connection connection, ConnectionProgress clock, IdleLimits limits, long now) {
        if (clock.isTimeToNotify(now, limits.closeSpread())) {
            WebSockets.notifyOfClose(connection);
        } else if (clock.isNotifiedFor(limits.stallTimeout(), now)) {
            Connections.decrypted(endPoint).close();
        }
    }

    /** Responded, with a part of the body unread: from here on the lingering closer reads it. */
    private static boolean isHalfClosedByPeerSending(EndPoint endPoint, ConnectionState state) {
        return state == ConnectionState.RESPONDING
                && endPoint instanceof DrainEndPoint drain
                && drain.end().isInputExpected()
                && Connections.isReaderDone(endPoint);
    }

    private void end(EndPoint endPoint, @Nullable Connection connection, ConnectionState state) {
        boolean waiting = state == ConnectionState.NEW || state == ConnectionState.IDLE;
        if (!waiting || connection == null || Connections.isOutputShutdown(endPoint)) {
            Connections.decrypted(endPoint).close();
        } else if (Http1Connections.isHttp1(connection) && endPoint instanceof DrainEndPoint drain) {
            drain.leave();
        } else if (endPoint instanceof AbstractEndPoint waitingEnd) {
            // Atomic against an event of the selector: it fails only a read that nobody has begun. Jetty sends FIN
            // then.
            waitingEnd.getFillInterest().onFail(new TimeoutException("The server is going away"));
        }
    }
}
