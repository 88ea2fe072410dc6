// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Tomcat under one line of Spring Boot, which knows no PROXY protocol; what the lines share is in {@link TomcatSetUp}.
 */
@Configuration(proxyBeanMethods = false)
class ContainerSetUp {

    static final String NAME = "Tomcat 10.1";

    static final boolean PROXY_PROTOCOL = false;

    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> matrixCustomizer(ServerLog log) {
        return (factory) -> {
            factory.setDocumentRoot(MatrixApplication.FILES.toFile());
            factory.addEngineValves(TomcatSetUp.accessLog(log));
        };
    }

    @Bean
    static ApplicationListener<WebServerInitializedEvent> countersFinder(ServerLog log) {
        return (event) -> {
            if (event.getWebServer() instanceof TomcatWebServer server) {
                TomcatSetUp.showCounters(server.getTomcat(), log);
            }
        };
    }
}
