// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Clients of an application on Reactor Netty whose context is started again in place. Each context needs event loops of its
 * own: Spring ends those that all share with whichever context is closed.
 */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class ReactiveInPlaceRestartIT {

    private final InPlaceRestart restart = new InPlaceRestart(WebApplicationType.REACTIVE, OwnEventLoops.class);

    @Test
    void clientsNoticeNothing() {
        this.restart.assertUnnoticed();
    }

    @Test
    void clientsAreRefusedByPlainSpringBoot() {
        this.restart.assertRefusedByPlainSpringBoot();
    }

    /** The reason for {@link OwnEventLoops}, which is none of the drain's. */
    @Test
    void plainSpringBootEndsTheEventLoopsOfAllWithTheFirst() {
        try (ConfigurableApplicationContext other = startPlain()) {
            ConfigurableApplicationContext first = startPlain();
            Integer port = other.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            RawClient client = RawClient.plain("localhost", port);
            assertThat(client.get("/hello").outcome()).isEqualTo(Outcome.COMPLETE);
            first.close();
            assertThat(client.get("/hello").outcome()).isNotEqualTo(Outcome.COMPLETE);
        }
    }

    private static ConfigurableApplicationContext startPlain() {
        return new SpringApplicationBuilder(ReactiveApplication.class)
                .web(WebApplicationType.REACTIVE)
                .properties("server.port=0", "server.drain.enabled=false", "spring.main.banner-mode=off")
                .properties("spring.reactor.netty.shutdown-quiet-period=0s")
                .run();
    }

    /** As the documentation has it, and without the two seconds for which Spring keeps them. */
    @Configuration(proxyBeanMethods = false)
    static class OwnEventLoops {

        @Bean
        ReactorResourceFactory reactorResourceFactory() {
            ReactorResourceFactory resources = new ReactorResourceFactory();
            resources.setUseGlobalResources(false);
            resources.setShutdownQuietPeriod(Duration.ZERO);
            return resources;
        }
    }
}
