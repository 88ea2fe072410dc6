// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.registries;

import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;
import org.springframework.context.ConfigurableApplicationContext;

/** Eureka's server, on a free port of this process. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableEurekaServer
class EurekaServer {

    static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(EurekaServer.class)
                .properties(
                        "server.port=0",
                        "server.drain.enabled=false",
                        "spring.cloud.compatibility-verifier.enabled=false",
                        "spring.cloud.zookeeper.enabled=false",
                        "spring.cloud.consul.enabled=false",
                        "eureka.dashboard.enabled=false",
                        "eureka.client.register-with-eureka=false",
                        "eureka.client.fetch-registry=false",
                        "eureka.server.wait-time-in-ms-when-sync-empty=0")
                .properties(properties)
                .run();
    }

    /** What makes an application one of the server's clients, and of no other registry's. */
    static List<String> clientProperties(ConfigurableApplicationContext server) {
        String port = server.getEnvironment().getRequiredProperty("local.server.port");
        return List.of(
                "spring.cloud.zookeeper.enabled=false",
                "spring.cloud.consul.enabled=false",
                "eureka.instance.hostname=localhost",
                // The server brings Jersey along, which clients seldom have.
                "eureka.client.jersey.enabled=false",
                // Below this, the client holds back what it should send to the server.
                "eureka.client.instance-info-replication-interval-seconds=1",
                "eureka.client.initial-instance-info-replication-interval-seconds=0",
                "eureka.client.service-url.defaultZone=http://localhost:" + port + "/eureka/");
    }
}
