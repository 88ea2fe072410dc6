// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.registries;

import static org.assertj.core.api.Assertions.assertThat;

import com.netflix.appinfo.InstanceInfo.InstanceStatus;
import com.netflix.discovery.shared.Application;
import com.netflix.eureka.registry.PeerAwareInstanceRegistry;
import io.github.springdrain.DrainPhase;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.ConfigurableApplicationContext;

/** Eureka, with its server in this process. */
@Timeout(240)
class EurekaIT extends RegistryContract {

    private static ConfigurableApplicationContext server;

    @BeforeAll
    static void startServer() {
        server = EurekaServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    RegisteredApplication start(String... properties) {
        return RegisteredApplication.start(
                Stream.concat(EurekaServer.clientProperties(server).stream(), Stream.of(properties))
                        .toArray(String[]::new));
    }

    @Override
    boolean isUp() {
        Application application =
                server.getBean(PeerAwareInstanceRegistry.class).getApplication("SHOP", false);
        return application != null
                && application.getInstances().stream()
                        .anyMatch((instance) -> instance.getStatus() == InstanceStatus.UP);
    }

    /** The client's health check would set the status of a healthy instance to up again, every second here. */
    @Test
    void staysDeregisteredWithTheHealthCheckOfTheClient() throws Exception {
        try (RegisteredApplication application =
                start("server.drain.announce.delay=20s", "eureka.client.healthcheck.enabled=true")) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::isUp);
            application.announce();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !isUp());
            Awaitility.await()
                    .during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !isUp());
            assertThat(application.drain().phase()).isEqualTo(DrainPhase.ANNOUNCED);
            application.drain().resume();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::isUp);
        }
    }
}
