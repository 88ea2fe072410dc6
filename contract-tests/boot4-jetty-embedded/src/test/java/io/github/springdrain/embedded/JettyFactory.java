// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.util.function.Consumer;
import org.eclipse.jetty.server.Server;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;

/** The factory of Jetty in this line of Spring Boot. */
final class JettyFactory {

    private JettyFactory() {}

    /** Does nothing with a bean that is no such factory. */
    static void customize(Object factory, Consumer<Server> customizer) {
        if (factory instanceof ConfigurableJettyWebServerFactory jetty) {
            jetty.addServerCustomizers(customizer::accept);
        }
    }
}
