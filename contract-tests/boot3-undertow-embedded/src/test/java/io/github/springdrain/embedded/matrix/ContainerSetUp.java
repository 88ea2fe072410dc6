// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import org.springframework.boot.web.embedded.undertow.UndertowServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Undertow, with an access log and a second listener that knows the PROXY protocol. */
@Configuration(proxyBeanMethods = false)
class ContainerSetUp {

    static final String NAME = "Undertow";

    static final boolean PROXY_PROTOCOL = true;

    @Bean
    static WebServerFactoryCustomizer<UndertowServletWebServerFactory> matrixCustomizer(
            ServerLog log, Environment environment) {
        return (factory) -> {
            factory.setDocumentRoot(MatrixApplication.FILES.toFile());
            factory.addDeploymentInfoCustomizers(
                    (deployment) -> deployment.addOuterHandlerChainWrapper((next) -> logging(log, next)));
            factory.addBuilderCustomizers((builder) -> builder.addListener(proxied(environment)));
        };
    }

    private static Undertow.ListenerBuilder proxied(Environment environment) {
        Undertow.ListenerBuilder listener = new Undertow.ListenerBuilder()
                .setHost("localhost")
                .setPort(environment.getRequiredProperty(MatrixServer.PROXY_PORT, Integer.class))
                .setUseProxyProtocol(true);
        return ServerTls.isOn(environment)
                ? listener.setType(Undertow.ListenerType.HTTPS).setSslContext(ServerTls.context(environment))
                : listener.setType(Undertow.ListenerType.HTTP);
    }

    private static HttpHandler logging(ServerLog log, HttpHandler next) {
        return (exchange) -> {
            log.begin();
            exchange.addExchangeCompleteListener((completed, others) -> {
                log.log(completed.getStatusCode(), completed.getResponseBytesSent());
                log.end();
                others.proceed();
            });
            next.handleRequest(exchange);
        };
    }
}
