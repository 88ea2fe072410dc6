// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.spring.StartUpNotice;
import io.github.springdrain.spring.cloud.ServiceRegistries;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.client.serviceregistry.ServiceRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/** Service registries as part of the drain. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(ServiceRegistry.class)
@ConditionalOnDrain
@ConditionalOnProperty(name = "server.drain.participants.registries.enabled", matchIfMissing = true)
public final class DrainRegistriesAutoConfiguration {

    private static final String EUREKA_CLIENT = "com.netflix.discovery.EurekaClient";

    @Bean
    ServiceRegistries drainServiceRegistries(ConfigurableApplicationContext context) {
        return new ServiceRegistries(context.getBeanFactory());
    }

    @Bean
    StartUpNotice drainRegistriesNotice(
            DrainEngine drain, ServiceRegistries registries, ConfigurableApplicationContext context) {
        DrainEnvironment environment = new DrainEnvironment(context.getEnvironment(), context.getClassLoader());
        return new StartUpNotice(context, () -> {
            boolean serving = environment.isServing() && registries.isUsed();
            return serving ? notice(drain.settings().announce().delay(), context) : null;
        });
    }

    private static @Nullable String notice(Duration delay, ConfigurableApplicationContext context) {
        ClientRefresh refresh = ClientRefresh.of(
                context.getEnvironment(), ClassUtils.isPresent(EUREKA_CLIENT, context.getClassLoader()));
        return (delay.compareTo(refresh.period()) < 0) ? refresh.notice(delay) : null;
    }
}
