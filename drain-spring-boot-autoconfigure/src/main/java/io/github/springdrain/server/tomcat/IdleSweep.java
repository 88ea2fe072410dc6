// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.ConnectionProgress;
import io.github.springdrain.server.IdleLimits;
import java.io.IOException;
import java.time.Duration;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketEvent;

/**
 * Closes the connections that have no request, each kind after its own limit, and serves those on which one has arrived
 * in the last moment. Used by the drain's thread.
 */
final class IdleSweep {

    /** For a busy machine. Tomcat's worker spins meanwhile, so it is no longer. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final DrainHttp11NioProtocol protocol;

    private final IdleLimits limits;

    private final long nowNanos = System.nanoTime();

    IdleSweep(DrainHttp11NioProtocol protocol, IdleLimits limits) {
        this.protocol = protocol;
        this.limits = limits;
    }

    void run() {
        ConnectionScan scan = new ConnectionScan(this.protocol);
        scan.forEach((wrapper, state) -> {
            Http2GracefulClose session = scan.http2(wrapper);
            if (session != null) {
                session.proceed(this.limits, this.nowNanos);
            } else if (wrapper.getSocket() instanceof LingerChannel channel) {
                sweep(wrapper, state, channel);
            }
        });
    }

    private void sweep(NioSocketWrapper wrapper, ConnectionState state, LingerChannel channel) {
        ConnectionProgress progress = channel.state().progress();
        if (state == ConnectionState.UPGRADED) {
            sweepUpgraded(wrapper, progress);
            return;
        }
        long unchanged = progress.unchangedFor(state, wrapper.getLastRead(), this.nowNanos);
        if (this.limits.isOutlived(state, unchanged)) {
            end(wrapper, state, channel);
        }
    }

    /** What an upgraded connection still sends is no progress towards its end. */
    private void sweepUpgraded(NioSocketWrapper wrapper, ConnectionProgress progress) {
        // A close frame has to wait for the message that is being written, and Tomcat ends the connection without one
        // soon.
        Duration delay = wrapper.hasDataToWrite() ? this.limits.stallTimeout() : Duration.ZERO;
        if (progress.isTimeToNotify(this.nowNanos, this.limits.closeSpread(), delay)) {
            Internals.extendCloseTimeout(wrapper, CLOSE_TIMEOUT);
            // Tomcat's WebSocket responds to STOP with close frame 1001 (RFC 6455 section 7.4.1) and awaits the peer's.
            wrapper.processSocket(SocketEvent.STOP, true);
        } else if (progress.isNotifiedFor(this.limits.stallTimeout(), this.nowNanos)) {
            wrapper.close();
        }
    }

    private void end(NioSocketWrapper wrapper, ConnectionState state, LingerChannel channel) {
        if (hasInput(wrapper, state, channel)) {
            wrapper.processSocket(SocketEvent.OPEN_READ, true);
        } else {
            wrapper.close();
        }
    }

    /** Looks whether a request has arrived that the poller has not reported yet; what has arrived is kept. */
    private static boolean hasInput(NioSocketWrapper wrapper, ConnectionState state, LingerChannel channel) {
        if (state != ConnectionState.NEW && state != ConnectionState.IDLE) {
            return false;
        }
        try {
            return wrapper.getSocket().isHandshakeComplete() ? wrapper.isReadyForRead() : channel.peekHandshake();
        } catch (IOException ex) {
            return false;
        }
    }
}
