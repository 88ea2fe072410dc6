// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * How long clients of a service registry may go on using an instance that has deregistered, judged by what this
 * application has set for itself: services that call each other tend to be set up alike.
 *
 * @param property the property that the period follows from
 */
record ClientRefresh(String property, Duration period) {

    private static final String FETCH = "eureka.client.registry-fetch-interval-seconds";

    private static final String CACHE = "spring.cloud.loadbalancer.cache.ttl";

    static ClientRefresh of(Environment environment, boolean eureka) {
        return (eureka && environment.getProperty("eureka.client.enabled", Boolean.class, true))
                ? new ClientRefresh(FETCH, Duration.ofSeconds(environment.getProperty(FETCH, Long.class, 30L)))
                : new ClientRefresh(
                        CACHE,
                        Binder.get(environment).bind(CACHE, Duration.class).orElse(Duration.ofSeconds(35)));
    }

    String notice(Duration delay) {
        return ("Clients of the service registry may use this instance for %d s after it has deregistered (%s), "
                        + "but the drain serves on for %d ms only (server.drain.announce.delay): "
                        + "after that they are refused and have to try another instance")
                .formatted(this.period.toSeconds(), this.property, delay.toMillis());
    }
}
