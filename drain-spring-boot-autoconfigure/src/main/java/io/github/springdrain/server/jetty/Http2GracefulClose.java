package io.github.springdrain.server.jetty;

import io.github.springdrain.server.GoAwaySequence;
import io.github.springdrain.server.IdleLimits;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;

/** One HTTP/2 connection on its way out, from the announcement on. Used by the drain's thread. */
final class Http2GracefulClose {

    private final GoAwaySequence farewell;

    private final Http2Notices notices = new Http2Notices();

    private boolean told;

    Http2GracefulClose(Connection connection) {
        long ageMillis = Math.max(0, System.currentTimeMillis() - connection.getCreatedTimeStamp());
        this.farewell = new GoAwaySequence(System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(ageMillis));
    }

    /** Tells the peer that a last stream will follow: once, and not before it may be told. */
    void announce(Connection connection, long nowNanos) {
        if (!this.told && this.farewell.isFirstGoAwayAllowed(Http2Sessions.isUsed(connection), nowNanos)) {
            this.told = true;
            this.notices.announce(Http2Sessions.session(connection));
        }
    }

    /** Takes the next step towards the end of the connection, once listeners are closed. */
    void step(EndPoint endPoint, Connection connection, IdleLimits limits, long nowNanos) {
        announce(connection, nowNanos);
        boolean used = Http2Sessions.isUsed(connection);
        boolean heard = this.notices.isHeard(Http2Sessions.session(connection));
        switch (this.farewell.next(used, Http2Sessions.streams(connection), heard, limits, nowNanos)) {
            case NAME_LAST_STREAM -> this.notices.nameLastStream(Http2Sessions.session(connection));
            // Jetty alone would wait for the peer to close.
            case CLOSE -> Connections.decrypted(endPoint).close();
            case WAIT -> {
                // Streams are being served, or may still arrive.
            }
        }
    }
}
