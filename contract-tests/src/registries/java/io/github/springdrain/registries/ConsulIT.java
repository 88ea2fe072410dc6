// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.registries;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Consul: the client of Spring Cloud, and an agent that is recorded. */
@Timeout(240)
class ConsulIT extends RegistryContract {

    private RecordedConsul consul;

    @BeforeEach
    void startAgent() throws IOException {
        this.consul = new RecordedConsul();
    }

    @AfterEach
    void stopAgent() {
        this.consul.close();
    }

    @Override
    RegisteredApplication start(String... properties) {
        return RegisteredApplication.start(Stream.concat(
                        Stream.of(
                                "eureka.client.enabled=false",
                                "spring.cloud.zookeeper.enabled=false",
                                "spring.cloud.consul.host=localhost",
                                "spring.cloud.consul.port=" + this.consul.port(),
                                "spring.cloud.consul.discovery.catalog-services-watch.enabled=false"),
                        Stream.of(properties))
                .toArray(String[]::new));
    }

    @Override
    boolean isUp() {
        return this.consul.isRegistered("shop");
    }

    @Test
    void callsTheAgentOnceForEachChange() throws Exception {
        try (RegisteredApplication application = start("server.drain.announce.delay=20s")) {
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::isUp);
            application.announce();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !isUp());
            assertThat(this.consul.changes()).containsExactly("register", "deregister");
            application.drain().resume();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(this::isUp);
            assertThat(this.consul.changes()).containsExactly("register", "deregister", "register");
        }
        assertThat(this.consul.changes()).containsExactly("register", "deregister", "register", "deregister");
    }
}
