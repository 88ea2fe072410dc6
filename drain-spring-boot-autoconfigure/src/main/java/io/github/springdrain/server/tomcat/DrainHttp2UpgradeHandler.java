// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.server.GoAwaySequence;
import io.github.springdrain.server.IdleLimits;
import java.io.IOException;
import org.apache.coyote.Request;
import org.apache.coyote.http2.Http2AsyncUpgradeHandler;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection whose active streams can be counted and that is closed in two steps (RFC 9113 section 6.8).
 * Tomcat alone refuses streams once a fixed time after the first GOAWAY has passed; here they are served until the peer
 * acknowledges a PING, which proves that it has read that GOAWAY.
 */
final class DrainHttp2UpgradeHandler extends Http2AsyncUpgradeHandler implements Http2GracefulClose {

    private final GoAwaySequence goAway = new GoAwaySequence(System.nanoTime());

    private final DrainNioEndpoint endpoint;

    private final Http2Notices notices;

    private final long configuredGraceNanos;

    private boolean seenActive;

    /** Whether the drain has sent the first GOAWAY, and not the application with a pause of its own. */
    private volatile boolean draining;

    private volatile boolean refusing;

    DrainHttp2UpgradeHandler(
            Http2Protocol protocol,
            DrainHttp11NioProtocol connector,
            @Nullable Request request,
            SocketWrapperBase<?> socketWrapper) {
        // The adapter of an HTTP/1.1 processor looks at that processor's own request; streams have none.
        super(protocol, connector.getAdapter(), request, socketWrapper);
        this.endpoint = connector.endpoint();
        this.notices = new Http2Notices(socketWrapper, protocol.getWriteTimeout());
        this.configuredGraceNanos = protocol.getDrainTimeout();
    }

    @Override
    public SocketWrapperBase<?> socketWrapper() {
        return this.socketWrapper;
    }

    @Override
    public Object handler() {
        return this;
    }

    @Override
    public int activeStreams() {
        return this.activeRemoteStreamCount.get();
    }

    @Override
    public void announce() {
        this.seenActive |= activeStreams() > 0;
        if (this.goAway.isFirstGoAwayAllowed(this.seenActive, System.nanoTime())) {
            this.draining = true;
            // Does nothing the second time, and nothing before Tomcat has begun with the connection.
            super.pause();
            this.notices.send();
        }
    }

    @Override
    public void proceed(IdleLimits limits, long nowNanos) {
        announce();
        boolean acknowledged = this.notices.isAcknowledged();
        switch (this.goAway.next(this.seenActive, activeStreams(), acknowledged, limits, nowNanos)) {
            case NAME_LAST_STREAM -> {
                this.refusing = true;
                // It is acknowledged behind every stream that was taken in the moment before.
                this.notices.ping();
            }
            // A worker sends the last GOAWAY, which names the last stream that was taken, and closes.
            case CLOSE -> timeoutAsync(-1);
            case WAIT -> this.notices.send();
        }
    }

    /** Also called as listeners close; in a drain each connection is notified in its own time. */
    @Override
    public void pause() {
        if (!this.endpoint.isListenerClosed()) {
            super.pause();
        }
    }

    @Override
    protected void writeGoAwayFrame(int maxStreamId, long errorCode, byte @Nullable [] debugMessage)
            throws IOException {
        if (maxStreamId == Integer.MAX_VALUE && this.draining) {
            this.notices.announce();
        } else {
            super.writeGoAwayFrame(maxStreamId, errorCode, debugMessage);
        }
    }

    @Override
    protected PingManager getPingManager() {
        return new DrainPings();
    }

    /** Tomcat's own pings, and the one place that decides whether a new stream is taken. */
    private final class DrainPings extends AsyncPingManager {

        /** Asked for every new stream after the first GOAWAY: it is taken until this much and the grace have passed. */
        @Override
        public long getRoundTripTimeNano() {
            if (!DrainHttp2UpgradeHandler.this.draining) {
                return super.getRoundTripTimeNano();
            }
            long graceNanos = DrainHttp2UpgradeHandler.this.configuredGraceNanos;
            return DrainHttp2UpgradeHandler.this.refusing ? -graceNanos - 1 : Long.MAX_VALUE / 4 - graceNanos;
        }

        @Override
        public void receivePing(byte[] payload, boolean ack) throws IOException {
            if (!ack || !DrainHttp2UpgradeHandler.this.notices.acknowledge(payload)) {
                super.receivePing(payload, ack);
            }
        }
    }
}
