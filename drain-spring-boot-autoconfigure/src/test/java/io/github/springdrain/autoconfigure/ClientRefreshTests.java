// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

/** How long clients of a registry take, by what the application has set for itself. */
class ClientRefreshTests {

    private static final String CACHE = "spring.cloud.loadbalancer.cache.ttl";

    private final MockEnvironment environment = new MockEnvironment();

    @Test
    void goesByTheCacheOfTheLoadBalancerWhereThereIsNoEureka() {
        ClientRefresh refresh = ClientRefresh.of(this.environment, false);
        assertThat(refresh).isEqualTo(new ClientRefresh(CACHE, Duration.ofSeconds(35)));
        assertThat(refresh.notice(Duration.ofSeconds(5)))
                .contains("for 35 s after it has deregistered (" + CACHE + ")")
                .contains("for 5000 ms only (server.drain.announce.delay)");
    }

    @Test
    void goesByWhatIsSet() {
        this.environment.setProperty(CACHE, "2s");
        assertThat(ClientRefresh.of(this.environment, false).period()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void goesByTheFetchIntervalOfEureka() {
        assertThat(ClientRefresh.of(this.environment, true).period()).isEqualTo(Duration.ofSeconds(30));
        this.environment.setProperty("eureka.client.registry-fetch-interval-seconds", "3");
        assertThat(ClientRefresh.of(this.environment, true).period()).isEqualTo(Duration.ofSeconds(3));
        this.environment.setProperty("eureka.client.enabled", "false");
        assertThat(ClientRefresh.of(this.environment, true).property()).isEqualTo(CACHE);
    }
}
