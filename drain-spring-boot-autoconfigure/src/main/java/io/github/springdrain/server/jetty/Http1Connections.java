// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import java.util.List;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into connections that speak HTTP/1.x. Their class is in a package that Jetty calls internal: where it is not to
 * be found, or has lost a member, this class steps back for good and sees none of them.
 */
final class Http1Connections {

    private static final Logger logger = LoggerFactory.getLogger(Http1Connections.class);

    private static volatile boolean seenInto = isPresent();

    private Http1Connections() {}

    private static boolean isPresent() {
        return Internals.isHttp1Present()
                || stepBack(new ClassNotFoundException("org.eclipse.jetty.server.internal.HttpConnection"), false);
    }

    static boolean isSeenInto() {
        return seenInto;
    }

    static boolean isHttp1(Connection connection) {
        return seenInto && connection instanceof HttpConnection;
    }

    static ConnectionState state(Connection connection, EndPoint endPoint) {
        try {
            return state((HttpConnection) connection, endPoint);
        } catch (RuntimeException ex) {
            // Its thread has let go of something that was just looked at.
            return ConnectionState.IN_SERVICE;
        } catch (LinkageError ex) {
            return stepBack(ex, ConnectionState.IN_SERVICE);
        }
    }

    private static ConnectionState state(HttpConnection http, EndPoint endPoint) {
        if (http.getHttpChannel().getRequest() != null) {
            return http.getGenerator().isCommitted() ? ConnectionState.RESPONDING : ConnectionState.IN_SERVICE;
        }
        if (http.getParser().isTerminated() || http.getEndPoint().isOutputShutdown()) {
            // Not at its end before it has been handed to the lingering closer, where the peer may still be sending.
            boolean expected =
                    endPoint instanceof DrainEndPoint drain && drain.end().isInputExpected();
            return expected ? ConnectionState.RESPONDING : ConnectionState.CLOSING;
        }
        if (!http.getParser().isIdle() || !http.isRequestBufferEmpty() || !http.isFillInterested()) {
            return ConnectionState.READING_HEAD;
        }
        return (http.getMessagesIn() == 0) ? ConnectionState.NEW : ConnectionState.IDLE;
    }

    static boolean isBetweenMessages(Connection connection) {
        try {
            return isHttp1(connection)
                    && ((HttpConnection) connection).getParser().isStart()
                    && ((HttpConnection) connection).getHttpChannel().getRequest() == null
                    && ((HttpConnection) connection).isRequestBufferEmpty();
        } catch (LinkageError ex) {
            return stepBack(ex, false);
        }
    }

    static boolean isReaderDone(Connection connection) {
        try {
            return isHttp1(connection)
                    && ((HttpConnection) connection).getParser().isTerminated();
        } catch (LinkageError ex) {
            return stepBack(ex, false);
        }
    }

    static boolean isBodyUnread(Connection connection) {
        try {
            return isHttp1(connection)
                    && ((HttpConnection) connection).getParser().inContentState();
        } catch (LinkageError ex) {
            return stepBack(ex, false);
        }
    }

    /** What interrupts the thread that is at the request in service, unless it has left it by then. */
    static Runnable interruption(Connection connection) {
        try {
            if (isHttp1(connection)) {
                HttpChannel channel = ((HttpConnection) connection).getHttpChannel();
                Request request = channel.getRequest();
                return (request != null) ? () -> Workers.interrupt(channel, request) : () -> {};
            }
        } catch (LinkageError ex) {
            stepBack(ex, false);
        }
        return () -> {};
    }

    /** How many requests are in service: one at most. */
    static int inService(Connection connection) {
        try {
            boolean busy = ((HttpConnection) connection).getHttpChannel().getRequest() != null;
            return busy ? 1 : 0;
        } catch (LinkageError ex) {
            return stepBack(ex, 0);
        }
    }

    /** The request in service whose response is not committed. */
    static @Nullable Request uncommitted(Connection connection) {
        try {
            if (isHttp1(connection)
                    && !((HttpConnection) connection).getGenerator().isCommitted()) {
                return ((HttpConnection) connection).getHttpChannel().getRequest();
            }
        } catch (LinkageError ex) {
            stepBack(ex, false);
        }
        return null;
    }

    /** Has the response that is about to be sent carry {@code Connection: close}. */
    static void advertiseClose(Connection connection) {
        try {
            ((HttpConnection) connection).getGenerator().setPersistent(false);
        } catch (LinkageError ex) {
            stepBack(ex, false);
        }
    }

    /** Whether what was read reaches beyond the request in service; not known behind a chunked body that is unread. */
    static boolean isFollowedByRequest(Connection connection) {
        try {
            return isFollowedByRequest((HttpConnection) connection);
        } catch (LinkageError ex) {
            return stepBack(ex, false);
        }
    }

    private static boolean isFollowedByRequest(HttpConnection http) {
        HttpParser parser = http.getParser();
        boolean read = !parser.hasContent() || !parser.inContentState();
        long unparsed = read ? 0 : parser.getContentLength() - parser.getContentRead();
        return unparsed >= 0 && buffered(http) > unparsed;
    }

    private static int buffered(HttpConnection http) {
        return Internals.unparsedBytes(http, http.isRequestBufferEmpty() ? 0 : 1);
    }

    static List<RequestSnapshot> requests(Connection connection) {
        try {
            HttpConnection http = (HttpConnection) connection;
            Request request = http.getHttpChannel().getRequest();
            if (request == null) {
                return List.of();
            }
            HttpChannel channel = http.getHttpChannel();
            return List.of(RequestSnapshots.of(
                    request,
                    http.getGenerator().getContentPrepared(),
                    Workers.at(channel),
                    Workers.isSuspended(channel)));
        } catch (LinkageError ex) {
            return stepBack(ex, List.<RequestSnapshot>of());
        }
    }

    private static <T> T stepBack(Throwable cause, T fallback) {
        seenInto = false;
        logger.warn(
                "This version of Jetty hides its HTTP/1.1 connections ({}): requests in service are distinguished from"
                        + " idle connections by whether Jetty waits for input, and are not named in the report",
                cause.toString());
        return fallback;
    }
}
