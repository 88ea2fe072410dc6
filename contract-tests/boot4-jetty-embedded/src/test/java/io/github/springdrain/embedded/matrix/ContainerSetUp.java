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
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Jetty, with an access log and a second connector that knows the PROXY protocol. */
@Configuration(proxyBeanMethods = false)
class ContainerSetUp {

    static final String NAME = "Jetty 12.1";

    static final boolean PROXY_PROTOCOL = true;

    @Bean
    static WebServerFactoryCustomizer<JettyServletWebServerFactory> matrixCustomizer(
            ServerLog log, Environment environment) {
        return (factory) -> {
            factory.setDocumentRoot(MatrixApplication.FILES.toFile());
            factory.addServerCustomizers((server) -> {
                server.setRequestLog((request, response) ->
                        log.log(response.getStatus(), Response.getContentBytesWritten(response)));
                ServerConnector connector =
                        ServerTls.isOn(environment) ? securedConnector(server, environment) : clearConnector(server);
                connector.setHost("localhost");
                connector.setPort(environment.getRequiredProperty(MatrixServer.PROXY_PORT, Integer.class));
                server.addConnector(connector);
            });
        };
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
