// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import java.util.List;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Listens on two more ports, as an application does that speaks HTTP beside HTTPS. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(HelloApplication.Controller.class)
class ConnectorsApplication {

    public static void main(String[] args) {
        SpringApplication.run(ConnectorsApplication.class, args);
    }

    @Bean
    AdditionalConnectors additionalConnectors() {
        return new AdditionalConnectors(List.of(named(), unnamed()));
    }

    private static Connector unnamed() {
        Connector connector = new Connector();
        connector.setPort(0);
        return connector;
    }

    private static Connector named() {
        Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");
        connector.setPort(0);
        connector.setProperty("maxKeepAliveRequests", "1000");
        return connector;
    }
}
