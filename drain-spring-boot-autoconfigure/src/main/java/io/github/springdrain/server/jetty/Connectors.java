package io.github.springdrain.server.jetty;

import io.github.springdrain.server.linger.LingerPolicy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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

    private final List<DrainConnector> all = new CopyOnWriteArrayList<>();

    private final LingerPolicy lingerPolicy;

    private final Runnable onStart;

    /**
     * Creates an empty list.
     *
     * @param onStart run whenever a connector starts, which gives it a new listener
     */
    Connectors(LingerPolicy lingerPolicy, Runnable onStart) {
        this.lingerPolicy = lingerPolicy;
        this.onStart = onStart;
    }

    List<DrainConnector> all() {
        return this.all;
    }

    boolean isAnyStarted() {
        return this.all.stream().anyMatch((connector) -> connector.connector().isStarted());
    }

    /** Takes on the connectors of a server, those that it gets later as well. */
    void follow(Server server) {
        ConnectionLimits limits = new ConnectionLimits(server);
        LifeCycle.Listener starts = new LifeCycle.Listener() {

            @Override
            public void lifeCycleStarting(LifeCycle starting) {
                if (starting instanceof Connector connector) {
                    limits.renew();
                    adopted(connector, limits).starting();
                    Connectors.this.onStart.run();
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

    private DrainConnector adopted(Connector connector, ConnectionLimits limits) {
        for (DrainConnector known : this.all) {
            if (known.connector() == connector) {
                return known;
            }
        }
        DrainConnector adopted = adopt(connector, limits);
        this.all.add(adopted);
        return adopted;
    }

    private DrainConnector adopt(Connector connector, ConnectionLimits limits) {
        if (isOfJettyOrBoot(connector)) {
            DrainConnector managed = ManagedConnector.of((ServerConnector) connector, limits, this.lingerPolicy);
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
