package io.github.springdrain.server.jetty;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.AcceptRateLimit;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** The limits on how many connections a server takes. Thread-safe. */
final class ConnectionLimits {

    private final Server server;

    private final Map<NetworkConnectionLimit, Integer> lifted = new HashMap<>();

    private final Set<AcceptRateLimit> stopped = new LinkedHashSet<>();

    ConnectionLimits(Server server) {
        this.server = server;
    }

    /**
     * Lets a connector take whatever the kernel holds. Jetty resets what its acceptor takes beyond a limit on
     * connections, and one that has been reached looks at its new value only when a connection ends. A limit on the rate
     * has no other way to be lifted than to be stopped.
     */
    synchronized void lift(AbstractConnector connector) {
        for (AcceptRateLimit limit : beans(connector, AcceptRateLimit.class)) {
            stop(limit, connector);
        }
        for (NetworkConnectionLimit limit : beans(connector, NetworkConnectionLimit.class)) {
            this.lifted.putIfAbsent(limit, limit.getMaxNetworkConnectionCount());
            limit.setMaxNetworkConnectionCount(Integer.MAX_VALUE);
        }
        if (!connector.isAccepting()) {
            connector.setAccepting(true);
        }
    }

    /** Puts the limits back in force, for a server that is being started again. */
    synchronized void restore() {
        this.lifted.forEach(NetworkConnectionLimit::setMaxNetworkConnectionCount);
        this.lifted.clear();
        this.stopped.forEach((limit) -> LifeCycle.start(limit));
        this.stopped.clear();
    }

    /** A connector goes on asking a limit that it knew at its start, stopped or not. */
    private void stop(AcceptRateLimit limit, AbstractConnector connector) {
        if (limit.isRunning()) {
            LifeCycle.stop(limit);
            this.stopped.add(limit);
        }
        if (connector instanceof ServerConnector network) {
            network.getSelectorManager().removeEventListener(limit);
        }
    }

    private <T> List<T> beans(AbstractConnector connector, Class<T> type) {
        List<T> beans = new ArrayList<>(this.server.getBeans(type));
        beans.addAll(connector.getBeans(type));
        return beans;
    }
}
