// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.linger.LingerPolicy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Server;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connectors of one Tomcat, whoever has made them. They are found right before Tomcat initializes them, when every
 * customizer of the application has run, and again at later steps: an application may add some to a running Tomcat.
 */
final class Connectors {

    private static final Logger logger = LoggerFactory.getLogger(Connectors.class);

    private final List<TomcatConnector> all = new CopyOnWriteArrayList<>();

    private final List<Server> servers = new CopyOnWriteArrayList<>();

    private final LingerPolicy lingerPolicy;

    private final Duration http2Grace;

    private final ListenerOpening opening;

    private final Runnable onStart;

    /**
     * Creates an empty list.
     *
     * @param opening how managed connectors open their listeners
     * @param onStart called whenever a connector starts, which gives it a new listener
     */
    Connectors(LingerPolicy lingerPolicy, Duration http2Grace, ListenerOpening opening, Runnable onStart) {
        this.lingerPolicy = lingerPolicy;
        this.http2Grace = http2Grace;
        this.opening = opening;
        this.onStart = onStart;
        Internals.probe();
    }

    List<TomcatConnector> all() {
        return this.all;
    }

    /** One anonymous connection for each active request that none of the managed connectors accounts for. */
    List<ConnectionSnapshot> unmanagedRequests(List<ConnectionSnapshot> managed) {
        if (this.all.stream().allMatch(TomcatConnector::isManaged)) {
            return List.of();
        }
        long known = managed.stream()
                .mapToLong((connection) -> connection.requests().size())
                .sum();
        int unknown = (int) Math.max(0, AllocatedServlets.count(this.servers) - known);
        return Collections.nCopies(unknown, new ConnectionSnapshot(ConnectionState.IN_SERVICE, "?", "?", List.of()));
    }

    void follow(Context context) {
        followServer(context);
        context.addLifecycleListener((event) -> {
            if (Lifecycle.BEFORE_START_EVENT.equals(event.getType()) && event.getLifecycle() == context) {
                followServer(context);
                adoptNew();
            }
        });
    }

    private void followServer(Context context) {
        Server server = serverOf(context);
        if (server == null || this.servers.contains(server)) {
            return;
        }
        this.servers.add(server);
        server.addLifecycleListener((event) -> {
            if (Lifecycle.BEFORE_INIT_EVENT.equals(event.getType())) {
                adoptNew();
            }
        });
    }

    private static @Nullable Server serverOf(Context context) {
        Container container = context;
        while (container != null && !(container instanceof Engine)) {
            container = container.getParent();
        }
        return (container instanceof Engine engine && engine.getService() != null)
                ? engine.getService().getServer()
                : null;
    }

    /** Adopts every connector that is not known yet. */
    synchronized void adoptNew() {
        for (Server server : this.servers) {
            for (Service service : server.findServices()) {
                for (Connector connector : service.findConnectors()) {
                    if (this.all.stream().noneMatch((known) -> known.connector() == connector)) {
                        this.all.add(adopt(connector));
                    }
                }
            }
        }
    }

    private TomcatConnector adopt(Connector connector) {
        TomcatConnector adopted = of(connector);
        connector.addLifecycleListener((event) -> {
            if (Lifecycle.BEFORE_START_EVENT.equals(event.getType())) {
                adopted.starting();
                this.onStart.run();
            }
        });
        return adopted;
    }

    private TomcatConnector of(Connector connector) {
        if (connector.getProtocolHandler() instanceof DrainHttp11NioProtocol protocol) {
            return managed(connector, protocol);
        }
        if (connector.getProtocolHandler().getClass() != Http11NioProtocol.class) {
            return unmanaged(connector, "its protocol handler is " + connector.getProtocolHandlerClassName());
        }
        if (connector.getState() != LifecycleState.NEW) {
            return unmanaged(connector, "it was added to a running Tomcat");
        }
        try {
            return managed(connector, TakenOverProtocol.of((Http11NioProtocol) connector.getProtocolHandler()));
        } catch (ReflectiveOperationException | RuntimeException ex) {
            return unmanaged(connector, "its endpoint cannot be replaced: " + ex);
        }
    }

    private TomcatConnector managed(Connector connector, DrainHttp11NioProtocol protocol) {
        protocol.join(this.lingerPolicy, this.opening);
        if (this.opening.sharing() == Sharing.INHERITED && this.all.isEmpty()) {
            protocol.endpoint().setUseInheritedChannel(true);
        }
        prepareHttp2(connector, protocol);
        return new ManagedConnector(connector, protocol);
    }

    private TomcatConnector unmanaged(Connector connector, String reason) {
        if (this.opening.sharing() != Sharing.NONE) {
            logger.warn("{} is unmanaged: it opens a listener of its own, which no other process can share", connector);
        }
        logger.warn(
                "{} is unmanaged ({}). It is paused and closed as by Spring Boot, and its active requests are waited for",
                connector,
                reason);
        return new UnmanagedConnector(connector);
    }

    private void prepareHttp2(Connector connector, DrainHttp11NioProtocol protocol) {
        for (UpgradeProtocol upgrade : connector.findUpgradeProtocols()) {
            if (!(upgrade instanceof Http2Protocol http2)) {
                continue;
            }
            Internals.probeHttp2();
            if (http2.getDrainTimeout() == 0 && !protocol.endpoint().getUseAsyncIO()) {
                // Nanoseconds: compared with System.nanoTime(). Zero would ignore streams that cross the first GOAWAY.
                http2.setDrainTimeout(this.http2Grace.toNanos());
            }
        }
    }
}
