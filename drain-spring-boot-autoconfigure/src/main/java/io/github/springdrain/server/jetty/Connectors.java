// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.GatedListener;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.server.linger.LingerPolicy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.Container;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connectors of one Jetty, each found when it starts for the first time, whoever has added it and when. */
final class Connectors {

    private static final Logger logger = LoggerFactory.getLogger(Connectors.class);

    private static final String BOOT_PACKAGE = "org.springframework.boot.";

    private final List<JettyConnector> all = new CopyOnWriteArrayList<>();

    private final LingerPolicy lingerPolicy;

    private final Sharing sharing;

    private final Consumer<GatedListener> onListening;

    private final Runnable onStart;

    /**
     * Creates an empty list.
     *
     * @param sharing whom the listeners belong to
     * @param onListening receives each listener of a managed connector when it has been bound
     * @param onStart run whenever a connector starts, which gives it a new listener
     */
    Connectors(LingerPolicy lingerPolicy, Sharing sharing, Consumer<GatedListener> onListening, Runnable onStart) {
        this.lingerPolicy = lingerPolicy;
        this.sharing = sharing;
        this.onListening = onListening;
        this.onStart = onStart;
    }

    List<JettyConnector> all() {
        return this.all;
    }

    /** Takes on the connectors of a server, those that it gets later as well. */
    void follow(Server server) {
        ConnectionLimits limits = new ConnectionLimits(server);
        LifeCycle.Listener starts = new LifeCycle.Listener() {

            @Override
            public void lifeCycleStarting(LifeCycle starting) {
                if (starting instanceof Connector connector) {
                    limits.renew();
                    share(connector);
                    JettyConnector adopted = adopted(connector, limits);
                    adopted.starting();
                    Connectors.this.onStart.run();
                    listening(adopted);
                }
            }

            /** A connector without acceptors is opened by Jetty itself. */
            @Override
            public void lifeCycleStarted(LifeCycle started) {
                if (started instanceof ServerConnector connector && connector.getAcceptors() == 0) {
                    listening(adopted(connector, limits));
                }
            }
        };
        // Hears of the connectors that are there already, too.
        server.addEventListener(new Container.Listener() {

            @Override
            public void beanAdded(Container parent, Object child) {
                if (child instanceof Connector connector) {
                    connector.addEventListener(starts);
                }
            }

            @Override
            public void beanRemoved(Container parent, Object child) {}
        });
    }

    private void listening(JettyConnector connector) {
        GatedListener listener = connector.listener();
        if (listener != null) {
            this.onListening.accept(listener);
        }
    }

    private void share(Connector connector) {
        if (this.sharing == Sharing.INHERITED && this.all.isEmpty() && connector instanceof ServerConnector opening) {
            if (opening.getAcceptors() == 0) {
                throw new IllegalStateException("The first connector of Jetty has no acceptors, so that it cannot leave"
                        + " an inherited listener open. Remove 'server.drain.inherit-listener' or"
                        + " 'server.jetty.threads.acceptors=0'");
            }
            opening.setInheritChannel(true);
        }
        if (this.sharing == Sharing.REUSE_PORT) {
            if (connector instanceof ServerConnector opening) {
                opening.setReusePort(true);
            } else {
                logger.warn("{} opens its listener in its own way, which no other process can share", connector);
            }
        }
    }

    private JettyConnector adopted(Connector connector, ConnectionLimits limits) {
        for (JettyConnector known : this.all) {
            if (known.connector() == connector) {
                return known;
            }
        }
        JettyConnector adopted = adopt(connector, limits);
        this.all.add(adopted);
        return adopted;
    }

    private JettyConnector adopt(Connector connector, ConnectionLimits limits) {
        if (isOfJettyOrBoot(connector)) {
            JettyConnector managed = ManagedConnector.of((ServerConnector) connector, limits, this.lingerPolicy);
            return (managed != null) ? managed : new UnmanagedConnector(connector);
        }
        logger.warn(
                "{} is a connector of the application's own: it is shut down as Spring Boot does it, and its requests are"
                        + " waited for. Use {} for a complete drain",
                connector,
                ServerConnector.class.getName());
        return new UnmanagedConnector(connector);
    }

    /** Whether what we do in the place of the connector is what the connector would have done. */
    private static boolean isOfJettyOrBoot(Connector connector) {
        return connector.getClass() == ServerConnector.class
                || (connector instanceof ServerConnector
                        && connector.getClass().getName().startsWith(BOOT_PACKAGE));
    }
}
