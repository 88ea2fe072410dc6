// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.server.CloseAdvertisement;
import io.github.springdrain.server.FailureCollector;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.WeakHashMap;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Notifies the clients of one connector that their connections end. Used by the drain's thread.
 *
 * <p>Jetty's own {@code shutdown} of a connector is not used: it half-closes connections behind responses that did not say
 * so, and then executes requests that it has no way to respond to any more. Its switch for persistent connections is used
 * only where nothing else is to be had: it has a 101 carry {@code close}, which clients refuse, and it drops requests that
 * were read together with the one whose response advertises the close.
 */
final class ConnectorAnnouncement {

    private final AbstractConnector connector;

    private final CloseAdvertisement announcement = new CloseAdvertisement();

    private final HttpConfiguration.Customizer advertiser = this::customize;

    private final Set<HttpConfiguration> changed = new LinkedHashSet<>();

    /** Those that were in service when the announcement began. */
    private final Set<Request> early = Collections.newSetFromMap(new WeakHashMap<>());

    private final HeldBackCloses heldBack = new HeldBackCloses();

    private final Http2GracefulClose.PerConnection http2;

    private long begunNanos;

    ConnectorAnnouncement(AbstractConnector connector, Http2GracefulClose.PerConnection http2) {
        this.connector = connector;
        this.http2 = http2;
    }

    void set(double closeShare) {
        boolean begins = !this.announcement.isForAny() && closeShare > 0;
        this.announcement.set(closeShare);
        this.connector.getConnectionFactories().stream()
                .filter(HttpConfiguration.ConnectionFactory.class::isInstance)
                .map((factory) -> ((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration())
                .distinct()
                .forEach(this::apply);
        if (begins) {
            this.begunNanos = System.nanoTime();
        }
        if (closeShare > 0) {
            FailureCollector.forEach(this.connector.getConnectedEndPoints(), this::notifyClient);
        } else {
            this.early.clear();
            this.heldBack.clear();
            this.http2.forget();
        }
    }

    private void apply(HttpConfiguration configuration) {
        if (!this.announcement.isForAny()) {
            configuration.removeCustomizer(this.advertiser);
        } else if (!configuration.getCustomizers().contains(this.advertiser)) {
            // Before the others: they may refuse the request, or hide its connection.
            configuration.getCustomizers().add(0, this.advertiser);
        }
        boolean blindly = this.announcement.isForAll() && !Http1Connections.isSeenInto();
        if (blindly && configuration.isPersistentConnectionsEnabled()) {
            configuration.setPersistentConnectionsEnabled(false);
            this.changed.add(configuration);
        } else if (!blindly && this.changed.remove(configuration)) {
            configuration.setPersistentConnectionsEnabled(true);
        }
    }

    private Request customize(Request request, HttpFields.Mutable responseHeaders) {
        Connection connection = request.getConnectionMetaData().getConnection();
        if (Http1Connections.isHttp1(connection)) {
            advertise(request, connection);
        } else if (isHttp1(request)
                && !request.getHeaders().contains(HttpHeader.UPGRADE)
                && this.announcement.isForNext()) {
            responseHeaders.put(HttpFields.CONNECTION_CLOSE);
        }
        return request;
    }

    private static boolean isHttp1(Request request) {
        HttpVersion version = request.getConnectionMetaData().getHttpVersion();
        return version.getVersion() <= HttpVersion.HTTP_1_1.getVersion();
    }

    private void advertise(Request request, Connection connection) {
        request.addHttpStreamWrapper(
                (stream) -> new AdvertisingStream(stream, connection, this.announcement, this.heldBack));
    }

    private void notifyClient(EndPoint endPoint) {
        Connection connection = Connections.application(endPoint);
        if (connection == null) {
            return;
        }
        if (Connections.isHandshaking(endPoint)) {
            this.http2.handshaking(endPoint);
            return;
        }
        if (Http2Sessions.isHttp2(connection)) {
            this.http2.of(endPoint, connection).announce(connection, System.nanoTime());
        } else if (this.announcement.isForAll()) {
            advertiseEarly(connection);
        }
    }

    private void advertiseEarly(Connection connection) {
        Request request = Http1Connections.uncommitted(connection);
        if (request == null || request.getBeginNanoTime() - this.begunNanos > 0 || !this.early.add(request)) {
            return;
        }
        try {
            advertise(request, connection);
        } catch (IllegalStateException ex) {
            // Complete by now.
        }
    }
}
