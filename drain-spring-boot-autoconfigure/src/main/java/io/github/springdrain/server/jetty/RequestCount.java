// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Counts the requests of one connector whatever its connections are, as the statistics do that Spring Boot's graceful
 * shutdown would have installed. Thread-safe.
 */
final class RequestCount implements HttpConfiguration.Customizer {

    private final Connector connector;

    private final AtomicInteger active = new AtomicInteger();

    private final LongAdder completed = new LongAdder();

    RequestCount(Connector connector) {
        this.connector = connector;
    }

    /** Has each protocol of the connector report its requests from here on. */
    void follow() {
        this.connector.getConnectionFactories().stream()
                .filter(HttpConfiguration.ConnectionFactory.class::isInstance)
                .map((factory) -> ((HttpConfiguration.ConnectionFactory) factory).getHttpConfiguration())
                .filter((configuration) -> !configuration.getCustomizers().contains(this))
                // Before the others: they may refuse the request.
                .forEach((configuration) -> configuration.getCustomizers().add(0, this));
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        // Connectors may share a configuration.
        if (request.getConnectionMetaData().getConnector() == this.connector) {
            this.active.incrementAndGet();
            Request.addCompletionListener(request, (failure) -> complete());
        }
        return request;
    }

    private void complete() {
        this.active.decrementAndGet();
        this.completed.increment();
    }

    int active() {
        return this.active.get();
    }

    long completed() {
        return this.completed.sum();
    }
}
