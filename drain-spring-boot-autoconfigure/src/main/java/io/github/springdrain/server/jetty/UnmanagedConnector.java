// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.adapter.UnmanagedDrainConnector;
import java.util.Collections;
import java.util.List;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnector;

/**
 * A connector of a class that the application has chosen. It gets what Spring Boot's graceful shutdown gives it: Jetty's
 * own shutdown of the connector, and the time that the requests in service take.
 */
final class UnmanagedConnector implements JettyConnector, UnmanagedDrainConnector {

    private static final ConnectionSnapshot IN_SERVICE =
            new ConnectionSnapshot(ConnectionState.IN_SERVICE, "?", "?", List.of());

    private final Connector connector;

    private final RequestCount requests;

    private volatile int lastPort;

    UnmanagedConnector(Connector connector) {
        this.connector = connector;
        this.requests = new RequestCount(connector);
    }

    @Override
    public Connector connector() {
        return this.connector;
    }

    @Override
    public boolean isOpen() {
        return this.connector instanceof NetworkConnector network && network.isOpen();
    }

    @Override
    public int port() {
        if (this.connector instanceof NetworkConnector network && network.getLocalPort() > 0) {
            this.lastPort = network.getLocalPort();
        }
        return this.lastPort;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // It waits for idle connections too; the requests are counted.
    public void closeListener() {
        port();
        this.connector.shutdown();
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        return Collections.nCopies(this.requests.active(), IN_SERVICE);
    }

    @Override
    public long completedRequests() {
        return this.requests.completed();
    }

    @Override
    public void starting() {
        this.requests.follow();
    }
}
