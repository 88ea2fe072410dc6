// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import java.util.List;
import org.eclipse.jetty.http2.CloseState;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.Callback;

/** Looks into connections that speak HTTP/2; sees none where Jetty's HTTP/2 is not on the class path. */
final class Http2Sessions {

    private Http2Sessions() {}

    static boolean isHttp2(Connection connection) {
        return Internals.isHttp2Present() && connection instanceof HTTP2Connection;
    }

    static HTTP2Session session(Connection connection) {
        return ((HTTP2Connection) connection).getSession();
    }

    static ConnectionState state(Connection connection) {
        HTTP2Session session = session(connection);
        if (!session.getStreams().isEmpty()) {
            return ConnectionState.IN_SERVICE;
        }
        CloseState closeState = session.getCloseState();
        if (closeState != CloseState.NOT_CLOSED && closeState != CloseState.LOCALLY_CLOSED) {
            return ConnectionState.CLOSING;
        }
        return (session.getStreamsOpened() == 0) ? ConnectionState.NEW : ConnectionState.IDLE;
    }

    /** Whether the peer has opened a stream. */
    static boolean isUsed(Connection connection) {
        return session(connection).getStreamsOpened() > 0;
    }

    static int streams(Connection connection) {
        return session(connection).getStreams().size();
    }

    static void abort(Connection connection) {
        session(connection).close(ErrorCode.CANCEL_STREAM_ERROR.code, "drained", Callback.NOOP);
    }

    static List<RequestSnapshot> requests(Connection connection) {
        return session(connection).getStreams().stream()
                .map((stream) -> read(stream).now())
                .toList();
    }

    /** What has been read stays with the stream: its text is slow to make, and a peer may open many streams. */
    private static StreamRequest read(Stream stream) {
        if (stream.getAttribute(StreamRequest.class.getName()) instanceof StreamRequest known) {
            return known;
        }
        StreamRequest request = new StreamRequest(RequestSnapshots.ofStream(stream.toString()), System.nanoTime());
        stream.setAttribute(StreamRequest.class.getName(), request);
        return request;
    }

    /** A request as it was at a moment. */
    private record StreamRequest(RequestSnapshot then, long atNanos) {

        RequestSnapshot now() {
            return new RequestSnapshot(
                    this.then.method(),
                    this.then.path(),
                    this.then.age().plusNanos(System.nanoTime() - this.atNanos),
                    this.then.bytesRead(),
                    this.then.bytesWritten(),
                    this.then.thread());
        }
    }
}
