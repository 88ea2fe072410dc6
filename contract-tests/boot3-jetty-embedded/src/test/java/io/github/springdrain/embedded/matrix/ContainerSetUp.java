// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Jetty under one line of Spring Boot; what the lines share is in {@link JettySetUp}. */
@Configuration(proxyBeanMethods = false)
class ContainerSetUp {

    static final String NAME = "Jetty 12.0";

    static final boolean PROXY_PROTOCOL = true;

    @Bean
    static WebServerFactoryCustomizer<JettyServletWebServerFactory> matrixCustomizer(
            ServerLog log, Environment environment) {
        return (factory) -> {
            factory.setDocumentRoot(MatrixApplication.FILES.toFile());
            factory.addServerCustomizers((server) -> JettySetUp.customize(server, log, environment));
        };
    }
}
