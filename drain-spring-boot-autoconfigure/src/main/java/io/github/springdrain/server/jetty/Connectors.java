package io.github.springdrain.server.jetty;

import io.github.springdrain.server.linger.LingerPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.server.AbstractNetworkConnector;
import org.eclipse.jetty.server.AcceptRateLimit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connectors of one Jetty, replaced by ours where that loses nothing of what they were configured to be. */
final class Connectors {

    private static final Logger logger = LoggerFactory.getLogger(Connectors.class);

    private final List<DrainConnector> all = new CopyOnWriteArrayList<>();

    private final LingerPolicy lingerPolicy;

    Connectors(LingerPolicy lingerPolicy) {
        this.lingerPolicy = lingerPolicy;
    }

    List<DrainConnector> all() {
        return this.all;
    }

    boolean isAnyStarted() {
        return this.all.stream().anyMatch((connector) -> connector.connector().isStarted());
    }

    /** Has an action run when one of them is started. */
    void onStart(Runnable action) {
        for (DrainConnector connector : this.all) {
            connector.connector().addEventListener(new LifeCycle.Listener() {

                @Override
                public void lifeCycleStarting(LifeCycle starting) {
                    connector.restarted();
                    action.run();
                }
            });
        }
    }

    /** Takes on the connectors of a server that is configured and has not been started. */
    void adopt(Server server) {
        ConnectionLimits limits = new ConnectionLimits(server);
        List<Connector> connectors = new ArrayList<>();
        for (Connector connector : server.getConnectors()) {
            connectors.add(adopt(connector, limits));
        }
        server.setConnectors(connectors.toArray(Connector[]::new));
        replaceLimits(server);
    }

    private Connector adopt(Connector connector, ConnectionLimits limits) {
        if (connector instanceof ServerConnector replaced && ConnectorTemplate.isReplaceable(replaced)) {
            ConnectorTemplate template = new ConnectorTemplate(replaced);
            DrainServerConnector ours = new DrainServerConnector(template, this.lingerPolicy);
            template.configure(ours);
            this.all.add(DrainConnector.exact(ours, limits));
            return ours;
        }
        logger.warn(
                "{} is a connector of the application's own: the drain announces its end, empties and closes its listener"
                        + " and closes its idle connections from outside, and cannot prevent that the last connections it"
                        + " accepts or closes are reset. Use {} for a complete drain",
                connector,
                ServerConnector.class.getName());
        if (connector instanceof AbstractNetworkConnector network) {
            this.all.add(DrainConnector.outside(network, limits));
        }
        return connector;
    }

    /** A limit knows its connectors from its construction, and Boot makes it before the connectors of TLS are there. */
    private static void replaceLimits(Server server) {
        for (NetworkConnectionLimit limit : List.copyOf(server.getBeans(NetworkConnectionLimit.class))) {
            if (limit.getClass() == NetworkConnectionLimit.class) {
                NetworkConnectionLimit ours =
                        new NetworkConnectionLimit(limit.getMaxNetworkConnectionCount(), server.getConnectors());
                ours.setEndPointIdleTimeout(limit.getEndPointIdleTimeout());
                server.removeBean(limit);
                server.addBean(ours);
            }
        }
        for (AcceptRateLimit limit : List.copyOf(server.getBeans(AcceptRateLimit.class))) {
            if (limit.getClass() == AcceptRateLimit.class) {
                server.removeBean(limit);
                server.addBean(new AcceptRateLimit(
                        limit.getAcceptRateLimit(), limit.getPeriod(), limit.getUnits(), server.getConnectors()));
            }
        }
    }
}
