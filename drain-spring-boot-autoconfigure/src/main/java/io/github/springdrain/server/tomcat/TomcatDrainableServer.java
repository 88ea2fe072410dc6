// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.adapter.ConnectorsServer;
import io.github.springdrain.server.linger.LingeringCloser;
import java.time.Duration;
import java.util.List;
import org.apache.catalina.Context;

/**
 * An embedded Tomcat, with all its connectors. Those with Tomcat's default protocol handler are managed. Any other gets
 * what plain Spring Boot gives it. Thread-safe as {@link DrainableServer} asks for.
 */
public final class TomcatDrainableServer extends ConnectorsServer {

    private final Connectors connectors;

    /**
     * Creates the server; the gate is tried out on a thread of its own.
     *
     * @param gate which gate to use for the accept queue
     * @param sharing whom the listeners belong to
     * @param closer closes connections with unread input; {@link LingeringCloser#OFF} to close them as Tomcat does
     * @param http2Grace how long streams opened after the first GOAWAY are still served
     */
    public TomcatDrainableServer(ListenerGate.Mode gate, Sharing sharing, LingeringCloser closer, Duration http2Grace) {
        super("Tomcat", "Paused and closed as by Spring Boot", gate, sharing, closer);
        this.connectors = new Connectors(
                lingerPolicy(), http2Grace, new ListenerOpening(sharing, this::listening), this::restarted);
    }

    /** Takes on the connectors of the service that {@code context} belongs to, when it starts. */
    public void adopt(Context context) {
        this.connectors.follow(context);
    }

    @Override
    protected List<TomcatConnector> connectors() {
        return this.connectors.all();
    }

    @Override
    public void announce(double closeShare) {
        this.connectors.adoptNew();
        super.announce(closeShare);
    }

    @Override
    public void closeListeners(Duration remaining) {
        long start = System.nanoTime();
        this.connectors.adoptNew();
        super.closeListeners(remaining.minusNanos(System.nanoTime() - start));
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        List<ConnectionSnapshot> snapshots = super.connections();
        snapshots.addAll(this.connectors.unmanagedRequests(snapshots));
        return snapshots;
    }
}
