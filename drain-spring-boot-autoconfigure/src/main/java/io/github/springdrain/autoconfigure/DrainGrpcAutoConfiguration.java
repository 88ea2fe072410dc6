// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.acceptqueue.ServerGate;
import io.github.springdrain.server.acceptqueue.Sharing;
import io.github.springdrain.spring.grpc.GrpcCalls;
import io.github.springdrain.spring.grpc.GrpcHealth;
import io.github.springdrain.spring.grpc.GrpcServers;
import io.grpc.BindableService;
import io.grpc.ServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycleEvent;

/** The servers and calls of Spring gRPC as part of the drain. */
@AutoConfiguration(
        after = DrainAutoConfiguration.class,
        afterName = {
            "org.springframework.grpc.autoconfigure.server.health.GrpcServerHealthAutoConfiguration",
            "org.springframework.boot.grpc.server.autoconfigure.health.GrpcServerHealthAutoConfiguration"
        })
@ConditionalOnClass({GrpcServerLifecycleEvent.class, ServerBuilder.class})
@ConditionalOnDrain
@ConditionalOnProperty(name = "server.drain.participants.grpc.enabled", matchIfMissing = true)
public final class DrainGrpcAutoConfiguration {

    @Bean
    <T extends ServerBuilder<T>> GrpcCalls<T> drainGrpcCalls() {
        return new GrpcCalls<>();
    }

    @Bean
    GrpcServers drainGrpcServers(
            GrpcCalls<?> calls, DrainEngine drain, DrainProperties properties, ListableBeanFactory beans) {
        return new GrpcServers(
                calls,
                drain.settings().acceptQueue(),
                () -> new ServerGate(properties.acceptQueue().gate().mode(), Sharing.NONE, "gRPC"),
                beans);
    }

    /** The health service of gRPC. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthStatusManager.class)
    @ConditionalOnBean(HealthStatusManager.class)
    static class HealthConfiguration {

        @Bean
        <T extends ServerBuilder<T>> GrpcHealth<T> drainGrpcHealth(
                HealthStatusManager health, ObjectProvider<BindableService> services, DrainProperties properties) {
            return new GrpcHealth<>(
                    health, services::orderedStream, properties.announce().readiness());
        }
    }
}
