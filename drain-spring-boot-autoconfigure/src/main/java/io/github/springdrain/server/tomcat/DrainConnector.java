package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import java.util.List;
import java.util.function.Predicate;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;

/** One connector on its way out of service. */
interface DrainConnector {

    Connector connector();

    /** Whether the library drains it; otherwise it is left to Tomcat, and only its listener is closed. */
    boolean isManaged();

    boolean isOpen();

    /** The listener to be gated; {@code null} while it is closed, and where it cannot be or must not be gated. */
    @Nullable GatedListener listener();

    /** The port listened on, also after the listener was closed; 0 before the first start. */
    int port();

    void announce(double closeShare);

    void liftConnectionLimit();

    void closeListener();

    List<ConnectionSnapshot> connections();

    void closeIdle(IdleLimits limits);

    void abort(Predicate<ConnectionSnapshot> spare);

    /** Connections accepted so far; 0 where they are not counted. */
    long accepted();

    /** Requests completed so far. */
    long completedRequests();

    /** The connector has been started again after a drain. */
    void restarted();
}
