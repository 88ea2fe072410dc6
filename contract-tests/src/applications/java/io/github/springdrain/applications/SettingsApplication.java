// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import java.util.List;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Has a factory of its own, and customizers before and after all others. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({HelloApplication.Controller.class, SettingsApplication.Settings.class})
class SettingsApplication {

    public static void main(String[] args) {
        SpringApplication.run(SettingsApplication.class, args);
    }

    @Bean
    static OwnFactory ownFactory() {
        return new OwnFactory();
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    static First first() {
        return new First();
    }

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    static Last last() {
        return new Last();
    }

    static final class First extends ConnectorRecipe {

        @Override
        void customize(Connector connector) {
            connector.setProperty("maxKeepAliveRequests", "7");
        }
    }

    static final class Last extends ConnectorRecipe {

        private volatile Connector connector = new Connector();

        @Override
        void customize(Connector newConnector) {
            newConnector.setProperty("keepAliveTimeout", "4000");
            this.connector = newConnector;
        }
    }

    /** What the container goes by. */
    @RestController
    static class Settings {

        private final Last last;

        Settings(Last last) {
            this.last = last;
        }

        @GetMapping("/settings")
        String settings() {
            StringBuilder text = new StringBuilder();
            for (String name : List.of(
                    "acceptCount",
                    "compression",
                    "connectionTimeout",
                    "keepAliveTimeout",
                    "maxConnections",
                    "maxKeepAliveRequests",
                    "maxThreads")) {
                text.append(name + "=" + this.last.connector.getProperty(name) + ";");
            }
            return text + "virtual=" + Thread.currentThread().toString().startsWith("VirtualThread");
        }
    }
}
