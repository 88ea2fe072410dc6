package io.github.springdrain.server.jetty;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;

/** One connector on its way out of service. */
interface DrainConnector {

    Connector connector();

    /** The name it was given, or its protocols. */
    default String name() {
        String given = connector().getName();
        return (given != null) ? given : connector().getProtocols().toString();
    }

    boolean isOpen();

    /** The port listened on, also after the listener was closed; 0 before the first start. */
    int port();

    /** The listener to be gated; {@code null} while it is closed, and where it cannot be or must not be gated. */
    @Nullable GatedListener listener();

    void announce(double closeShare);

    void liftConnectionLimit();

    /** Accepts no more, and closes the listener where it is the server's own. */
    void closeListener() throws IOException;

    List<ConnectionSnapshot> connections();

    void closeIdle(IdleLimits limits);

    void abort(Predicate<ConnectionSnapshot> spare);

    /** Connections accepted so far. */
    long accepted();

    /** Requests completed so far. */
    long completedRequests();

    /** The connector is being started, maybe once more after a drain. */
    void starting();
}
