package io.github.springdrain.server.tomcat;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.catalina.Context;

/**
 * An embedded Tomcat, with all its connectors. Those with Tomcat's default protocol handler are managed. Any other gets
 * what plain Spring Boot gives it. Thread-safe as {@link DrainableServer} asks for.
 */
public final class TomcatDrainableServer implements DrainableServer {

    private static final String UNMANAGED = "UNMANAGED";

    private static final String UNMANAGED_REASON = "Paused and closed as by Spring Boot";

    private final ServerGate gate;

    private final LingeringCloser closer;

    private final LingerPolicy lingerPolicy;

    private final Connectors connectors;

    /**
     * Creates the server; the gate is tried out on a thread of its own.
     *
     * @param gate which gate to use for the accept queue
     * @param closer closes connections with unread input; {@link LingeringCloser#OFF} to close them as Tomcat does
     * @param http2Grace how long streams opened after the first GOAWAY are still served
     */
    public TomcatDrainableServer(ListenerGate.Mode gate, LingeringCloser closer, Duration http2Grace) {
        this.gate = new ServerGate(gate, "Tomcat");
        this.closer = closer;
        this.lingerPolicy = new LingerPolicy(closer);
        this.connectors = new Connectors(this.lingerPolicy, http2Grace, this::restarted);
    }

    /** Takes on the connectors of the service that {@code context} belongs to, when it starts. */
    public void adopt(Context context) {
        this.connectors.follow(context);
    }

    private void restarted() {
        this.gate.forget();
        this.closer.renew();
    }

    @Override
    public String name() {
        return "Tomcat";
    }

    @Override
    public boolean isServing() {
        return this.connectors.isAnyStarted();
    }

    @Override
    public List<ListenerStatus> listeners() {
        return this.connectors.all().stream().map(this::status).toList();
    }

    private ListenerStatus status(DrainConnector connector) {
        String name = connector.connector().toString();
        return connector.isManaged()
                ? this.gate.status(name, connector.port(), connector.isOpen())
                : new ListenerStatus(name, connector.port(), connector.isOpen(), UNMANAGED, UNMANAGED_REASON);
    }

    @Override
    public void announce(double closeShare) {
        this.connectors.adoptNew();
        this.gate.watch(this::openListeners);
        this.connectors.all().forEach((connector) -> connector.announce(closeShare));
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
        this.connectors.adoptNew();
        this.connectors.all().forEach(DrainConnector::closeListener);
        this.gate.awaitClosed(remaining.minusNanos(System.nanoTime() - start));
    }

    @Override
    public List<ConnectionSnapshot> connections() {
        List<ConnectionSnapshot> snapshots = new ArrayList<>();
        this.connectors.all().forEach((connector) -> snapshots.addAll(connector.connections()));
        snapshots.addAll(this.connectors.unmanagedRequests(snapshots));
        return snapshots;
    }

    @Override
    public void closeIdle(IdleLimits limits) {
        this.connectors.all().forEach((connector) -> connector.closeIdle(limits));
    }

    @Override
    public int lingering() {
        return this.lingerPolicy.awaited();
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
