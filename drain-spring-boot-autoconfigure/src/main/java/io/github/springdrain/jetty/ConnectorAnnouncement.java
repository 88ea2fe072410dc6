package io.github.springdrain.jetty;

import io.github.springdrain.Announcement;
import java.util.LinkedHashSet;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Tells the clients of one connector that their connections end. Used by the drain's thread.
 *
 * <p>Jetty's own {@code shutdown} of a connector is not used: it half-closes connections behind answers that did not say
 * so, and then executes requests that it has no way to answer any more.
 */
final class ConnectorAnnouncement {

    private final AbstractConnector connector;

    private final Announcement announcement = new Announcement();

    private final HttpConfiguration.Customizer gradual = this::customize;

    private final Set<HttpConfiguration> changed = new LinkedHashSet<>();

    private final Http2Leaves leaves;

    ConnectorAnnouncement(AbstractConnector connector, Http2Leaves leaves) {
        this.connector = connector;
        this.leaves = leaves;
    }

    void set(double closeShare) {
        this.announcement.set(closeShare);
        this.connector.getConnectionFactories().stream()
                .filter(HttpConfiguration.ConnectionFactory.class::isInstance)
                .map((factory) -> ((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration())
                .distinct()
                .forEach(this::apply);
        if (closeShare > 0) {
            this.connector.getConnectedEndPoints().forEach(this::tell);
        } else {
            this.leaves.forget();
        }
    }

    /** A share between none and all is drawn for each answer; all are told by the switch, which costs nothing. */
    private void apply(HttpConfiguration configuration) {
        boolean all = this.announcement.isForAll();
        if (all && configuration.isPersistentConnectionsEnabled()) {
            configuration.setPersistentConnectionsEnabled(false);
            this.changed.add(configuration);
        } else if (!all && this.changed.remove(configuration)) {
            configuration.setPersistentConnectionsEnabled(true);
        }
        boolean some = !all && this.announcement.isForAny();
        if (some && !configuration.getCustomizers().contains(this.gradual)) {
            configuration.addCustomizer(this.gradual);
        } else if (!some) {
            configuration.removeCustomizer(this.gradual);
        }
    }

    private Request customize(Request request, HttpFields.Mutable responseHeaders) {
        HttpVersion version = request.getConnectionMetaData().getHttpVersion();
        if (version.getVersion() <= HttpVersion.HTTP_1_1.getVersion() && this.announcement.isForNext()) {
            responseHeaders.put(HttpFields.CONNECTION_CLOSE);
        }
        return request;
    }

    private void tell(EndPoint endPoint) {
        Connection connection = Connections.application(endPoint);
        if (connection == null) {
            return;
        }
        if (Http2Sessions.isHttp2(connection)) {
            this.leaves.of(endPoint, connection).announce(connection, System.nanoTime());
        } else if (this.announcement.isForAll()) {
            // Jetty has decided on requests in service when they began.
            Http1Connections.endAfterResponse(connection);
        }
    }
}
