package io.github.springdrain.jetty;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainSettings;
import io.github.springdrain.Http2Farewell;
import java.time.Duration;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;

/**
 * One HTTP/2 connection on its way out, once listeners are closed. Jetty does not tell of answers to a PING, so a grace
 * alone lets streams arrive that cross the first GOAWAY. Used by the drain's thread; Jetty's tell what has been written.
 */
final class Http2Leave implements Callback {

    private final Http2Farewell farewell = new Http2Farewell();

    private volatile boolean written;

    void step(EndPoint endPoint, Connection connection, DrainSettings.Connections limits, long nowNanos) {
        boolean isNew = Http2Sessions.state(connection) == ConnectionState.NEW;
        Duration grace = isNew ? limits.firstRequestGrace() : limits.idleGrace();
        switch (this.farewell.next(Http2Sessions.streams(connection), this.written, grace, nowNanos)) {
            case NAME_LAST_STREAM -> Http2Sessions.nameLastStream(connection, this);
            // Jetty alone would wait for the peer to close.
            case CLOSE -> Connections.decrypted(endPoint).close();
            case WAIT -> {
                // Streams are being served, or may still arrive.
            }
        }
    }

    @Override
    public void succeeded() {
        this.written = true;
    }
}
