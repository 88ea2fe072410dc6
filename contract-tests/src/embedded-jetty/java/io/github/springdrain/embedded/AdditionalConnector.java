// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.util.Objects;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** A connector that an application adds to Spring Boot's, whose reference and statistics it keeps. */
final class AdditionalConnector {

    private final ConnectionStatistics statistics = new ConnectionStatistics();

    private final Environment environment;

    private @Nullable ServerConnector connector;

    AdditionalConnector(Environment environment) {
        this.environment = environment;
    }

    void addTo(Server server) {
        ServerConnector added = isSecured() ? secured(server) : new ServerConnector(server);
        added.setHost("localhost");
        added.addBean(this.statistics);
        server.addConnector(added);
        this.connector = added;
    }

    boolean isSecured() {
        return this.environment.getProperty("additional.tls", Boolean.class, false);
    }

    private ServerConnector secured(Server server) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(this.environment.getRequiredProperty("server.ssl.key-store"));
        tls.setKeyStorePassword(this.environment.getRequiredProperty("server.ssl.key-store-password"));
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        return new ServerConnector(
                server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(configuration));
    }

    ServerConnector connector() {
        return Objects.requireNonNull(this.connector);
    }

    ConnectionStatistics statistics() {
        return this.statistics;
    }

    /** Counts what it is sent, to its end. */
    static RouterFunction<ServerResponse> upload() {
        return RouterFunctions.route()
                .GET("/", (request) -> ServerResponse.ok().body("here"))
                .POST("/upload", (request) -> ServerResponse.ok().body("" + request.body(byte[].class).length))
                .build();
    }
}
