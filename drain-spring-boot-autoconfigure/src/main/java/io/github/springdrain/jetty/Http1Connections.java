package io.github.springdrain.jetty;

import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import java.util.List;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpConnection;
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
        try {
            return HttpConnection.class.getMethod("getParser") != null;
        } catch (ReflectiveOperationException | LinkageError ex) {
            return stepBack(ex, false);
        }
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

    /** Has a response that is not committed carry {@code Connection: close}; Jetty decides on it when a request begins. */
    static void endAfterResponse(Connection connection) {
        try {
            if (isHttp1(connection)
                    && ((HttpConnection) connection).getHttpChannel().getRequest() != null
                    && !((HttpConnection) connection).getGenerator().isCommitted()) {
                ((HttpConnection) connection).getGenerator().setPersistent(false);
            }
        } catch (LinkageError ex) {
            stepBack(ex, false);
        }
    }

    static List<RequestSnapshot> requests(Connection connection) {
        try {
            HttpConnection http = (HttpConnection) connection;
            Request request = http.getHttpChannel().getRequest();
            if (request == null) {
                return List.of();
            }
            String worker = Workers.name(http.getHttpChannel().toString());
            return List.of(RequestSnapshots.of(request, http.getGenerator().getContentPrepared(), worker));
        } catch (LinkageError ex) {
            return stepBack(ex, List.<RequestSnapshot>of());
        }
    }

    private static <T> T stepBack(Throwable cause, T fallback) {
        seenInto = false;
        logger.warn(
                "This version of Jetty hides its HTTP/1.1 connections ({}): requests in service are told from idle"
                        + " connections by whether Jetty waits for input, and are not named in the report",
                cause.toString());
        return fallback;
    }
}
