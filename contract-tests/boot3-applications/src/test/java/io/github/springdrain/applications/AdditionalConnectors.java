// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import java.util.List;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/** Adds connectors in the way of this line of Spring Boot. */
record AdditionalConnectors(List<Connector> connectors)
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addAdditionalTomcatConnectors(this.connectors.toArray(Connector[]::new));
    }
}
