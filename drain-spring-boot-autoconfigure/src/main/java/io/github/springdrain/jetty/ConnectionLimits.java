package io.github.springdrain.jetty;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;

/** The limits on how many connections a server takes. Thread-safe. */
final class ConnectionLimits {

    private final Server server;

    private final Map<NetworkConnectionLimit, Integer> lifted = new HashMap<>();

    ConnectionLimits(Server server) {
        this.server = server;
    }

    /**
     * Lets a connector take whatever the kernel holds. Jetty resets what its acceptor takes beyond the limit, and a
     * limit that has been reached looks at its new value only when a connection ends.
     */
    synchronized void lift(AbstractConnector connector) {
        List<NetworkConnectionLimit> limits = new ArrayList<>(this.server.getBeans(NetworkConnectionLimit.class));
        limits.addAll(connector.getBeans(NetworkConnectionLimit.class));
        for (NetworkConnectionLimit limit : limits) {
            this.lifted.putIfAbsent(limit, limit.getMaxNetworkConnectionCount());
            limit.setMaxNetworkConnectionCount(Integer.MAX_VALUE);
        }
        if (!connector.isAccepting()) {
            connector.setAccepting(true);
        }
    }

    synchronized void restore() {
        this.lifted.forEach(NetworkConnectionLimit::setMaxNetworkConnectionCount);
        this.lifted.clear();
    }
}
