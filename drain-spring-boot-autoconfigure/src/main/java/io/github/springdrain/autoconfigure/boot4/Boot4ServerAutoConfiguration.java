// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure.boot4;

import io.github.springdrain.autoconfigure.DrainServerAutoConfiguration;
import io.github.springdrain.autoconfigure.ServerBinding;
import io.github.springdrain.autoconfigure.TomcatProtocol;
import io.github.springdrain.server.jetty.JettyDrainableServer;
import io.github.springdrain.server.netty.NettyDrainableServer;
import io.github.springdrain.server.tomcat.TomcatDrainableServer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Binds the containers of Spring Boot 4.x. */
@AutoConfiguration(after = DrainServerAutoConfiguration.class)
@ConditionalOnWebApplication
public final class Boot4ServerAutoConfiguration {

    /** Tomcat. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.tomcat.TomcatWebServerFactory")
    @ConditionalOnBean(name = "drainTomcatBinding")
    static class TomcatConfiguration {

        @Bean
        WebServerFactoryCustomizer<TomcatWebServerFactory> drainTomcatCustomizer(
                ServerBinding<TomcatDrainableServer> binding) {
            return (factory) -> {
                factory.addContextCustomizers(binding.server()::adopt);
                TomcatProtocol.replace(factory.getProtocol(), factory::setProtocol);
                binding.bind(factory);
            };
        }
    }

    /** Jetty. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.jetty.ConfigurableJettyWebServerFactory")
    @ConditionalOnBean(name = "drainJettyBinding")
    static class JettyConfiguration {

        /** Last, so that the connectors are adopted as every other customizer has left them. */
        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> drainJettyCustomizer(
                ServerBinding<JettyDrainableServer> binding) {
            return (factory) -> factory.addServerCustomizers(binding.bind(factory)::adopt);
        }
    }

    /** Reactor Netty. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory")
    @ConditionalOnBean(name = "drainNettyBinding")
    static class NettyConfiguration {

        /** Last, so that its handlers are nearest to the socket. */
        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        WebServerFactoryCustomizer<NettyReactiveWebServerFactory> drainNettyCustomizer(
                ServerBinding<NettyDrainableServer> binding) {
            return (factory) -> factory.addServerCustomizers(binding.bind(factory)::customize);
        }
    }
}
