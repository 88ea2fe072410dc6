// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.adapter;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One connector of a container, on its way out of service. */
public interface DrainConnector {

    /** What the connector is called in logs and reports. */
    String name();

    /** Whether the drain empties and closes it exactly; any other gets what plain Spring Boot gives it. */
    boolean isManaged();

    /** Whether the container has started it, and not stopped it. */
    boolean isStarted();

    /** Whether it listens. */
    boolean isOpen();

    /** Whether another process has opened its listener and handed it down; it is left to whoever holds it. */
    default boolean isInherited() {
        return false;
    }

    /** The port listened on, also after the listener was closed; 0 before the first start. */
    int port();

    /** The listener to be gated; {@code null} while it is closed, and where it cannot be or must not be gated. */
    @Nullable GatedListener listener();

    /** Has {@code closeShare} of the HTTP/1.1 responses advertise the close; none where it is 0. */
    void announce(double closeShare);

    /** Lets it take whatever the kernel holds. */
    void liftConnectionLimit();

    /** Accepts no more, and closes the listener where it is the server's own. */
    void closeListener() throws IOException;

    /** Scans the open connections. */
    List<ConnectionSnapshot> connections();

    /** Closes what has no request, each kind after its own limit. */
    void closeIdle(IdleLimits limits);

    /** Ends every connection that is left. */
    void abort(Predicate<ConnectionSnapshot> spare);

    /** Connections accepted so far. */
    long accepted();

    /** Requests completed so far. */
    long completedRequests();
}
