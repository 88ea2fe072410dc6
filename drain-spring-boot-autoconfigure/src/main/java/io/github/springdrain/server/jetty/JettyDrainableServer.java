package io.github.springdrain.server.jetty;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ListenerStatus;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.ServerTotals;
import io.github.springdrain.server.acceptqueue.ServerGate;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerPolicy;
import io.github.springdrain.server.linger.LingeringCloser;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedded Jetty, with all its connectors. Those of Jetty's own class lose nothing; any other gets what plain Spring
 * Boot gives it. Thread-safe as {@link DrainableServer} asks for.
 */
public final class JettyDrainableServer implements DrainableServer {

    private static final Logger logger = LoggerFactory.getLogger(JettyDrainableServer.class);

    private final ServerGate gate;

    private final LingeringCloser closer;

    private final LingerPolicy lingerPolicy;

    private final Connectors connectors;

    /**
     * Creates the server; the gate is tried out on a thread of its own.
     *
     * @param gate which gate to use for the accept queue
     * @param closer closes connections with unread input; {@link LingeringCloser#OFF} to close them as Jetty does
     */
    public JettyDrainableServer(ListenerGate.Mode gate, LingeringCloser closer) {
        Internals.probe();
        this.gate = new ServerGate(gate, "Jetty");
        this.closer = closer;
        this.lingerPolicy = new LingerPolicy(closer);
        this.connectors = new Connectors(this.lingerPolicy, this::restarted);
    }

    /** Takes on the connectors of a server that has not been started, as it has them when they start. */
    public void adopt(Server server) {
        this.connectors.follow(server);
    }

    List<DrainConnector> connectors() {
        return this.connectors.all();
    }

    private void restarted() {
        this.lingerPolicy.setClosingIdle(false);
        this.gate.forget();
        this.closer.renew();
    }

    @Override
    public String name() {
        return "Jetty";
    }

    @Override
    public boolean isServing() {
        return this.connectors.isAnyStarted();
    }

    @Override
    public List<ListenerStatus> listeners() {
        return this.connectors.all().stream()
                .map((connector) -> this.gate.status(connector.name(), connector.port(), connector.isOpen()))
                .toList();
    }

    @Override
    public void announce(double closeShare) {
        this.connectors.all().forEach((connector) -> connector.announce(closeShare));
        this.gate.watch(this::openListeners);
    }

    @Override
    public void resume() {
        this.connectors.all().forEach((connector) -> connector.announce(0));
        this.gate.forget();
    }

    @Override
    public AcceptQueueOutcome emptyAcceptQueue(AcceptQueueLimits settings, Duration remaining) {
        return this.gate.empty(
                settings,
                remaining,
                () -> this.connectors.all().forEach(DrainConnector::liftConnectionLimit),
                () -> totals().accepted());
    }

    private List<GatedListener> openListeners() {
        List<GatedListener> listeners = new ArrayList<>();
        for (DrainConnector connector : this.connectors.all()) {
            GatedListener listener = connector.listener();
            if (listener != null) {
                listeners.add(listener);
            }
        }
        return listeners;
    }

    @Override
    public void closeListeners(Duration remaining) {
        long start = System.nanoTime();
        this.connectors.all().forEach(JettyDrainableServer::closeListener);
        this.gate.awaitClosed(remaining.minusNanos(System.nanoTime() - start));
    }

    private static void closeListener(DrainConnector connector) {
        try {
            connector.closeListener();
        } catch (IOException ex) {
            logger.warn("The listener of {} could not be closed cleanly", connector.name(), ex);
        }
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        List<ConnectionSnapshot> snapshots = new ArrayList<>();
        this.connectors.all().forEach((connector) -> snapshots.addAll(connector.connections()));
        return snapshots;
    }

    @Override
    public void closeIdle(IdleLimits limits) {
        this.lingerPolicy.setClosingIdle(true);
        this.connectors.all().forEach((connector) -> connector.closeIdle(limits));
    }

    @Override
    public int lingering() {
        return this.closer.awaited();
    }

    @Override
    public ServerTotals totals() {
        List<DrainConnector> all = this.connectors.all();
        long accepted = all.stream().mapToLong(DrainConnector::accepted).sum();
        long requests =
                all.stream().mapToLong(DrainConnector::completedRequests).sum();
        return new ServerTotals(accepted, requests, lingering());
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        this.connectors.all().forEach((connector) -> connector.abort(Objects.requireNonNull(spare)));
        this.closer.abort();
    }
}
