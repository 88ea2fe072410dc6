// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import org.apache.catalina.connector.Connector;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/** Publishes the connector in the way of this line of Spring Boot. */
abstract class ConnectorRecipe implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(this::customize);
    }

    abstract void customize(Connector connector);
}
