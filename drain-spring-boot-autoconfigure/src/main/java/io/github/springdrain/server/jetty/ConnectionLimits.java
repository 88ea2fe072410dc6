// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.AcceptRateLimit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
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
     * Has a limit count for the server's connectors that knows none of them. Spring Boot makes its limit before the
     * connectors of TLS take the place of those that the limit knows from its construction.
     */
    synchronized void renew() {
        Connector[] connectors = this.server.getConnectors();
        for (NetworkConnectionLimit limit : List.copyOf(this.server.getBeans(NetworkConnectionLimit.class))) {
            // A limit that is running is a bean of the connectors that it knows.
            if (limit.getClass() == NetworkConnectionLimit.class
                    && limit.isRunning()
                    && Arrays.stream(connectors).noneMatch((connector) -> isLimitOf(connector, limit))) {
                replace(limit, connectors);
            }
        }
    }

    private static boolean isLimitOf(Connector connector, NetworkConnectionLimit limit) {
        return connector instanceof AbstractConnector known
                && known.getBeans(NetworkConnectionLimit.class).contains(limit);
    }

    private void replace(NetworkConnectionLimit limit, Connector[] connectors) {
        NetworkConnectionLimit renewed = new NetworkConnectionLimit(limit.getMaxNetworkConnectionCount(), connectors);
        renewed.setEndPointIdleTimeout(limit.getEndPointIdleTimeout());
        LifeCycle.stop(limit);
        this.server.removeBean(limit);
        this.server.addBean(renewed, true);
        LifeCycle.start(renewed);
    }

    /**
     * Lets a connector take whatever the kernel holds. Jetty resets what its acceptor takes beyond a limit on
     * connections, and one that has been reached looks at its new value only when a connection ends. A limit on the rate
     * has no other way to be lifted than to be stopped.
     */
    synchronized void lift(AbstractConnector connector, SelectorManager manager) {
        for (AcceptRateLimit limit : beans(connector, AcceptRateLimit.class)) {
            stop(limit, manager);
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
    private void stop(AcceptRateLimit limit, SelectorManager manager) {
        if (limit.isRunning()) {
            LifeCycle.stop(limit);
            this.stopped.add(limit);
        }
        manager.removeEventListener(limit);
    }

    private <T> List<T> beans(AbstractConnector connector, Class<T> type) {
        List<T> beans = new ArrayList<>(this.server.getBeans(type));
        beans.addAll(connector.getBeans(type));
        return beans;
    }
}
