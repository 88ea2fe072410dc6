// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.springframework.core.env.Environment;

/** Gives Jetty an access log and a second connector that knows the PROXY protocol, on each line of Spring Boot. */
final class JettySetUp {

    private JettySetUp() {}

    static void customize(Server server, ServerLog log, Environment environment) {
        server.setRequestLog(
                (request, response) -> log.log(response.getStatus(), Response.getContentBytesWritten(response)));
        ServerConnector connector =
                ServerTls.isOn(environment) ? securedConnector(server, environment) : clearConnector(server);
        connector.setHost("localhost");
        connector.setPort(environment.getRequiredProperty(MatrixServer.PROXY_PORT, Integer.class));
        server.addConnector(connector);
    }

    private static ServerConnector clearConnector(Server server) {
        return new ServerConnector(server, new ProxyConnectionFactory(), new HttpConnectionFactory());
    }

    private static ServerConnector securedConnector(Server server, Environment environment) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(ServerTls.context(environment));
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        return new ServerConnector(
                server,
                new ProxyConnectionFactory("SSL"),
                new SslConnectionFactory(tls, "http/1.1"),
                new HttpConnectionFactory(configuration));
    }
}
