package io.github.springdrain.jetty;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.DrainSettings;
import io.github.springdrain.DrainableServer;
import io.github.springdrain.ListenerStatus;
import io.github.springdrain.ServerTotals;
import io.github.springdrain.kernel.AcceptQueues;
import io.github.springdrain.kernel.GateOutcome;
import io.github.springdrain.kernel.GatedListener;
import io.github.springdrain.kernel.ListenerGate;
import io.github.springdrain.kernel.PendingGate;
import io.github.springdrain.linger.LingerPolicy;
import io.github.springdrain.linger.LingeringCloser;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedded Jetty, with all its connectors. Those that are Jetty's own lose nothing; of any other, what works from
 * outside is done and said once. Thread-safe as {@link DrainableServer} asks for.
 */
public final class JettyDrainableServer implements DrainableServer {

    private static final Logger logger = LoggerFactory.getLogger(JettyDrainableServer.class);

    private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

    private final PendingGate gate;

    private final @Nullable LingeringCloser closer;

    private final LingerPolicy lingerPolicy;

    private final Connectors connectors;

    private volatile @Nullable AcceptQueues accepting;

    /**
     * Creates the server; the gate is tried out on a thread of its own.
     *
     * @param gate which gate to use for the accept queue
     * @param closer closes connections with unread input; {@code null} to close them as Jetty does
     */
    public JettyDrainableServer(ListenerGate.Mode gate, @Nullable LingeringCloser closer) {
        this.gate = PendingGate.probe(
                gate,
                (found) -> logger.info(
                        "Accept queue of Jetty: {} {} ({})",
                        found.level(),
                        found.level().description(),
                        found.reason()));
        this.closer = closer;
        this.lingerPolicy = new LingerPolicy(closer);
        this.connectors = new Connectors(this.lingerPolicy);
    }

    /** Takes on the connectors of a server that is fully configured and has not been started. */
    public void adopt(Server server) {
        this.connectors.adopt(server);
        this.connectors.onStart(this::restarted);
    }

    private void restarted() {
        this.lingerPolicy.setClosingIdle(false);
        this.accepting = null;
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
        ListenerGate found = this.gate.get();
        String level = found.level() + " " + found.level().description();
        List<ListenerStatus> status = new ArrayList<>();
        for (DrainConnector connector : this.connectors.all()) {
            boolean open = connector.listener() != null;
            status.add(
                    new ListenerStatus(connector.name(), connector.address().getPort(), open, level, found.reason()));
        }
        return status;
    }

    @Override
    public void announce(double closeShare) {
        this.connectors.all().forEach((connector) -> connector.announce(closeShare));
    }

    @Override
    public void resume() {
        announce(0);
    }

    @Override
    public AcceptQueueOutcome emptyAcceptQueue(DrainSettings.AcceptQueue settings, Duration remaining) {
        List<GatedListener> listeners = new ArrayList<>();
        for (DrainConnector connector : this.connectors.all()) {
            GatedListener listener = connector.listener();
            if (listener != null) {
                listeners.add(listener);
            }
            connector.liftConnectionLimit();
        }
        if (listeners.isEmpty()) {
            return AcceptQueueOutcome.NOTHING;
        }
        AcceptQueues queues = this.gate.get().prepare(listeners);
        this.accepting = queues;
        Duration bound = (settings.timeout().compareTo(remaining) < 0) ? settings.timeout() : remaining;
        return outcome(queues.empty(bound, settings.quietPeriod()));
    }

    private static AcceptQueueOutcome outcome(GateOutcome outcome) {
        return new AcceptQueueOutcome(
                outcome.level() + " " + outcome.level().description(),
                outcome.accepted(),
                outcome.abandonedHandshakes(),
                outcome.notAccepted(),
                outcome.complete());
    }

    @Override
    public void closeListeners() {
        this.connectors.all().forEach(JettyDrainableServer::closeListener);
        AcceptQueues queues = this.accepting;
        if (queues != null) {
            queues.awaitClosed(CLOSE_BOUND);
        }
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
    public void closeIdle(DrainSettings.Connections limits) {
        this.lingerPolicy.setClosingIdle(true);
        this.connectors.all().forEach((connector) -> connector.closeIdle(limits));
    }

    @Override
    public ServerTotals totals() {
        List<DrainConnector> all = this.connectors.all();
        long accepted = all.stream().mapToLong(DrainConnector::accepted).sum();
        long requests =
                all.stream().mapToLong(DrainConnector::completedRequests).sum();
        return new ServerTotals(accepted, requests, (this.closer != null) ? this.closer.awaited() : 0);
    }

    @Override
    public void abort(Predicate<ConnectionSnapshot> spare) {
        this.connectors.all().forEach((connector) -> connector.abort(Objects.requireNonNull(spare)));
        if (this.closer != null) {
            this.closer.abort();
        }
    }
}
