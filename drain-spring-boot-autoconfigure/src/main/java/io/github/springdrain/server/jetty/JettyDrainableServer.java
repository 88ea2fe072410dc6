// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.adapter.ConnectorsServer;
import io.github.springdrain.server.linger.LingeringCloser;
import java.util.List;
import org.eclipse.jetty.server.Server;

/**
 * An embedded Jetty, with all its connectors. Those of Jetty's own class lose nothing; any other gets what plain Spring
 * Boot gives it.
 */
public final class JettyDrainableServer extends ConnectorsServer {

    private final Connectors connectors;

    /**
     * Creates the server; the gate is tried out on a thread of its own.
     *
     * @param gate which gate to use for the accept queue
     * @param sharing whom the listeners belong to
     * @param closer closes connections with unread input; {@link LingeringCloser#OFF} to close them as Jetty does
     */
    public JettyDrainableServer(ListenerGate.Mode gate, Sharing sharing, LingeringCloser closer) {
        super("Jetty", "Shut down as by Spring Boot", gate, sharing, closer);
        Internals.probe();
        this.connectors = new Connectors(lingerPolicy(), sharing, this::listening, this::restarted);
    }

    /** Takes on the connectors of a server that has not been started, as it has them when they start. */
    public void adopt(Server server) {
        this.connectors.follow(server);
    }

    @Override
    protected List<JettyConnector> connectors() {
        return this.connectors.all();
    }
}
