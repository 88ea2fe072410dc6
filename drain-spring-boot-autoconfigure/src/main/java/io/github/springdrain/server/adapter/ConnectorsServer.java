// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.adapter;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ListenerStatus;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.FailureCollector;
import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.ServerTotals;
import io.github.springdrain.server.acceptqueue.ServerGate;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate;
import io.github.springdrain.server.linger.LingerPolicy;
import io.github.springdrain.server.linger.LingeringCloser;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that is drained connector by connector; each step is the same for all of them. Thread-safe as
 * {@link DrainableServer} asks for, if the list of connectors is.
 */
public abstract class ConnectorsServer implements DrainableServer {

    private static final Logger logger = LoggerFactory.getLogger(ConnectorsServer.class);

    private static final String UNMANAGED = "UNMANAGED";

    private static final String INHERITED = "INHERITED";

    private static final String LEFT = "The listener that was handed down is left to whoever holds it";

    private final String name;

    private final String unmanagedReason;

    private final ServerGate gate;

    private final LingeringCloser closer;

    private final LingerPolicy lingerPolicy;

    /**
     * Creates the server; the gate is tried out on a thread of its own.
     *
     * @param name the container's name
     * @param unmanagedReason what becomes of listeners that are not managed
     * @param gate which gate to use for the accept queue
     * @param sharing whom the listeners belong to
     * @param closer closes connections with unread input; {@link LingeringCloser#OFF} to close them as the container
     *     does
     */
    protected ConnectorsServer(
            String name, String unmanagedReason, ListenerGate.Mode gate, Sharing sharing, LingeringCloser closer) {
        this.name = name;
        this.unmanagedReason = unmanagedReason;
        this.gate = new ServerGate(gate, sharing, name);
        this.closer = closer;
        this.lingerPolicy = new LingerPolicy(closer);
    }

    /** Every connector that has been started, in the order in which they were found. */
    protected abstract List<? extends DrainConnector> connectors();

    /** How the server's connections end. */
    protected final LingerPolicy lingerPolicy() {
        return this.lingerPolicy;
    }

    /** To be called whenever a connector starts, which gives it a new listener. */
    protected final void restarted() {
        this.lingerPolicy.setClosingIdle(false);
        this.gate.forget();
        this.closer.renew();
    }

    /** To be called when a connector's listener has been bound. */
    protected final void listening(GatedListener listener) {
        this.gate.listening(listener);
    }

    @Override
    public final String name() {
        return this.name;
    }

    @Override
    public final boolean isServing() {
        return connectors().stream().anyMatch(DrainConnector::isStarted);
    }

    @Override
    public final List<ListenerStatus> listeners() {
        return connectors().stream().map(this::status).toList();
    }

    private ListenerStatus status(DrainConnector connector) {
        if (connector.isInherited()) {
            return new ListenerStatus(connector.name(), connector.port(), connector.isOpen(), INHERITED, LEFT);
        }
        return connector.isManaged()
                ? this.gate.status(connector.name(), connector.port(), connector.isOpen())
                : new ListenerStatus(
                        connector.name(), connector.port(), connector.isOpen(), UNMANAGED, this.unmanagedReason);
    }

    @Override
    public void announce(double closeShare) {
        List<? extends DrainConnector> connectors = connectors();
        this.gate.watch(() -> openListeners(connectors));
        FailureCollector.forEach(connectors, (connector) -> connector.announce(closeShare));
    }

    private static List<GatedListener> openListeners(List<? extends DrainConnector> connectors) {
        List<GatedListener> listeners = new ArrayList<>();
        for (DrainConnector connector : connectors) {
            GatedListener listener = connector.listener();
            if (listener != null) {
                listeners.add(listener);
            }
        }
        return listeners;
    }

    @Override
    public final void resume() {
        FailureCollector failures = new FailureCollector();
        failures.runEach(connectors(), (connector) -> connector.announce(0));
        failures.run(this.gate::resume);
        failures.throwFirst();
    }

    @Override
    public final AcceptQueueOutcome emptyAcceptQueue(AcceptQueueLimits settings, Duration remaining) {
        List<? extends DrainConnector> connectors = connectors();
        boolean gated = !openListeners(connectors).isEmpty();
        AcceptQueueOutcome outcome = this.gate.empty(
                settings,
                remaining,
                () -> FailureCollector.forEach(
                        connectors.stream()
                                .filter((connector) -> !connector.isInherited())
                                .toList(),
                        DrainConnector::liftConnectionLimit),
                () -> totals().accepted());
        return connectors.stream().anyMatch(DrainConnector::isInherited) ? withInherited(outcome, gated) : outcome;
    }

    private static AcceptQueueOutcome withInherited(AcceptQueueOutcome outcome, boolean gated) {
        logger.info("Accept queue: {}", LEFT);
        return new AcceptQueueOutcome(
                gated ? outcome.level() : INHERITED,
                outcome.note().isEmpty() ? LEFT : LEFT + "; " + outcome.note(),
                // What came in meanwhile would have been the next process's otherwise.
                gated ? outcome.rescued() : 0,
                outcome.abandonedHandshakes(),
                outcome.notAccepted(),
                outcome.complete(),
                outcome.handedOver());
    }

    @Override
    public void closeListeners(Duration remaining) {
        long start = System.nanoTime();
        FailureCollector failures = new FailureCollector();
        failures.runEach(connectors(), ConnectorsServer::closeListener);
        failures.run(() -> this.gate.awaitClosed(remaining.minusNanos(System.nanoTime() - start)));
        failures.throwFirst();
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
        connectors().forEach((connector) -> snapshots.addAll(connector.connections()));
        return snapshots;
    }

    @Override
    public final void closeIdle(IdleLimits limits) {
        this.lingerPolicy.setClosingIdle(true);
        FailureCollector.forEach(connectors(), (connector) -> connector.closeIdle(limits));
    }

    @Override
    public final int lingering() {
        return this.lingerPolicy.awaited();
    }

    @Override
    public final ServerTotals totals() {
        List<? extends DrainConnector> connectors = connectors();
        long accepted = connectors.stream().mapToLong(DrainConnector::accepted).sum();
        long requests =
                connectors.stream().mapToLong(DrainConnector::completedRequests).sum();
        return new ServerTotals(accepted, requests, lingering());
    }

    @Override
    public final void abort(Predicate<ConnectionSnapshot> spare) {
        FailureCollector failures = new FailureCollector();
        failures.runEach(connectors(), (connector) -> connector.abort(spare));
        failures.run(this.closer::abort);
        failures.throwFirst();
    }
}
