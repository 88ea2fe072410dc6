package io.github.springdrain.server.jetty;

import java.lang.reflect.Field;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells WebSocket peers that the server is going away, with close frame 1001 (RFC 6455 section 7.4.1); Jetty closes the
 * connection when the peer has answered it. Jetty has no way from a connection to its session, so that it takes a look
 * at a field; where there is none, the session ends the way Jetty ends idle ones, with the same code and their reason.
 */
final class WebSockets {

    private static final Logger logger = LoggerFactory.getLogger(WebSockets.class);

    private static final String REASON = "The server is going away";

    private static final @Nullable Field SESSION = session();

    private WebSockets() {}

    private static @Nullable Field session() {
        try {
            Field field = WebSocketConnection.class.getDeclaredField("coreSession");
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException ex) {
            logger.info(
                    "This version of Jetty hides its WebSocket sessions ({}): their close frames read as those of idle"
                            + " ones",
                    ex.toString());
            return null;
        } catch (LinkageError ex) {
            // Jetty's WebSocket is not on the class path: nothing will be upgraded to it.
            return null;
        }
    }

    static void tell(Connection connection) {
        CoreSession session = of(connection);
        if (session == null) {
            connection.onIdleExpired(new TimeoutException(REASON));
        } else {
            session.close(new GoingAway(), Callback.NOOP);
        }
    }

    private static @Nullable CoreSession of(Connection connection) {
        Field field = SESSION;
        if (field == null) {
            return null;
        }
        try {
            return field.getDeclaringClass().isInstance(connection) ? (CoreSession) field.get(connection) : null;
        } catch (ReflectiveOperationException | LinkageError ex) {
            return null;
        }
    }

    /**
     * Jetty takes every code but 1000 for that of a failure, upon which it ends the connection at once. The peer is well,
     * so that it gets the time to answer (RFC 6455 section 5.5.1).
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
