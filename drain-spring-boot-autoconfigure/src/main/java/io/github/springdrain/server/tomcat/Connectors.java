package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.server.linger.LingerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connectors of one Tomcat, found when its context starts: Boot tells customizers of the first one only. */
final class Connectors {

    private static final Logger logger = LoggerFactory.getLogger(Connectors.class);

    private final List<DrainConnector> all = new CopyOnWriteArrayList<>();

    private final LingerPolicy lingerPolicy;

    private final Duration http2Grace;

    private final Runnable onStart;

    private volatile @Nullable AllocatedServlets servlets;

    /**
     * Creates an empty list.
     *
     * @param onStart told whenever a connector starts, which gives it a new listener
     */
    Connectors(LingerPolicy lingerPolicy, Duration http2Grace, Runnable onStart) {
        this.lingerPolicy = lingerPolicy;
        this.http2Grace = http2Grace;
        this.onStart = onStart;
    }

    List<DrainConnector> all() {
        return this.all;
    }

    boolean isAnyStarted() {
        return this.all.stream()
                .anyMatch((connector) -> connector.connector().getState().isAvailable());
    }

    /** Requests that can only be counted; none where every connector is seen into. */
    List<ConnectionSnapshot> seenFromOutside() {
        AllocatedServlets allocated = this.servlets;
        return (allocated != null && !this.all.stream().allMatch(DrainConnector::isExact))
                ? allocated.snapshots(
                        this.all.stream().filter(DrainConnector::isExact).toList())
                : List.of();
    }

    void follow(Context context) {
        context.addLifecycleListener((event) -> {
            if (Lifecycle.BEFORE_START_EVENT.equals(event.getType())) {
                adoptAll(context, event);
            }
        });
    }

    private void adoptAll(Context context, LifecycleEvent event) {
        Container container = context;
        while (container != null && !(container instanceof Engine)) {
            container = container.getParent();
        }
        if (!(container instanceof Engine engine) || event.getLifecycle() != context) {
            return;
        }
        this.servlets = new AllocatedServlets(context);
        for (Connector connector : engine.getService().findConnectors()) {
            if (this.all.stream().noneMatch((known) -> known.connector() == connector)) {
                this.all.add(adopt(connector));
            }
        }
    }

    private DrainConnector adopt(Connector connector) {
        for (UpgradeProtocol upgrade : connector.findUpgradeProtocols()) {
            if (!(upgrade instanceof Http2Protocol http2)) {
                continue;
            }
            Http2Requests.probe();
            if (http2.getDrainTimeout() == 0 && !isGoAwaySequenceOurs(connector)) {
                // Nanoseconds: compared with System.nanoTime(). Zero would ignore streams that cross the first GOAWAY.
                http2.setDrainTimeout(this.http2Grace.toNanos());
            }
        }
        DrainConnector adopted = of(connector);
        connector.addLifecycleListener((event) -> {
            if (Lifecycle.BEFORE_START_EVENT.equals(event.getType())) {
                adopted.restarted();
                this.onStart.run();
            }
        });
        return adopted;
    }

    private static boolean isGoAwaySequenceOurs(Connector connector) {
        return connector.getProtocolHandler() instanceof DrainHttp11NioProtocol protocol
                && protocol.endpoint().getUseAsyncIO();
    }

    private DrainConnector of(Connector connector) {
        if (connector.getProtocolHandler() instanceof DrainHttp11NioProtocol protocol) {
            protocol.join(this.lingerPolicy);
            return new ManagedConnector(connector, protocol);
        }
        logger.warn(
                "{} has the protocol handler {}, chosen by the application: the drain empties and closes its listener from"
                        + " outside, and cannot see into its connections. Use {} for a complete drain",
                connector,
                connector.getProtocolHandlerClassName(),
                DrainHttp11NioProtocol.class.getName());
        return new UnmanagedConnector(connector);
    }
}
