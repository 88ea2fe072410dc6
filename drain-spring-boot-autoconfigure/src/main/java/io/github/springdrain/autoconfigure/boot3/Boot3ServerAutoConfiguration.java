// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure.boot3;

import io.github.springdrain.autoconfigure.DrainServerAutoConfiguration;
import io.github.springdrain.autoconfigure.ServerBinding;
import io.github.springdrain.autoconfigure.TomcatProtocol;
import io.github.springdrain.server.jetty.JettyDrainableServer;
import io.github.springdrain.server.netty.NettyDrainableServer;
import io.github.springdrain.server.tomcat.TomcatDrainableServer;
import io.github.springdrain.server.undertow.UndertowDrainableServer;
import io.github.springdrain.server.undertow.UndertowServletThreads;
import io.undertow.UndertowOptions;
import io.undertow.servlet.api.DeploymentInfo;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.embedded.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.embedded.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatReactiveWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory;
import org.springframework.boot.web.embedded.undertow.UndertowServletWebServerFactory;
import org.springframework.boot.web.embedded.undertow.UndertowWebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.function.SingletonSupplier;

/** Binds the containers of Spring Boot 3.5, the last line that has Undertow. */
@AutoConfiguration(after = DrainServerAutoConfiguration.class)
@ConditionalOnWebApplication
public final class Boot3ServerAutoConfiguration {

    /** Tomcat. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory")
    @ConditionalOnBean(name = "drainTomcatBinding")
    static class TomcatConfiguration {

        @Bean
        WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> drainTomcatCustomizer(
                ServerBinding<TomcatDrainableServer> binding) {
            return (factory) -> {
                factory.addContextCustomizers(binding.server()::adopt);
                TomcatProtocol.replace(protocol(factory), (name) -> setProtocol(factory, name));
                binding.bind(factory);
            };
        }

        /** This line has a setter for the protocol and no getter, and a protocol of the user's must be left alone. */
        private static @Nullable String protocol(ConfigurableTomcatWebServerFactory factory) {
            Field field = ReflectionUtils.findField(factory.getClass(), "protocol", String.class);
            if (field == null) {
                return null;
            }
            ReflectionUtils.makeAccessible(field);
            return (String) ReflectionUtils.getField(field, factory);
        }

        private static void setProtocol(ConfigurableTomcatWebServerFactory factory, String name) {
            if (factory instanceof TomcatServletWebServerFactory servlet) {
                servlet.setProtocol(name);
            } else if (factory instanceof TomcatReactiveWebServerFactory reactive) {
                reactive.setProtocol(name);
            }
        }
    }

    /** Jetty. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.web.embedded.jetty.ConfigurableJettyWebServerFactory")
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
    @ConditionalOnClass(name = "org.springframework.boot.web.embedded.netty.NettyReactiveWebServerFactory")
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

    /** Undertow. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory")
    @ConditionalOnBean(name = "drainUndertowBinding")
    static class UndertowConfiguration {

        /** Last, so that a worker is made with the settings that every other customizer has left. */
        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE)
        WebServerFactoryCustomizer<ConfigurableUndertowWebServerFactory> drainUndertowCustomizer(
                ServerBinding<UndertowDrainableServer> binding) {
            return (factory) -> {
                // The age of a request that the deadline cuts.
                factory.addBuilderCustomizers(
                        (builder) -> builder.setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, true));
                factory.addBuilderCustomizers(binding.bind(factory)::customize);
            };
        }

        @Bean
        ApplicationListener<WebServerInitializedEvent> drainUndertowStart(
                ServerBinding<UndertowDrainableServer> binding, ApplicationContext context) {
            return (event) -> {
                // A management server on its own port has a context of its own, and is not drained.
                if (event.getApplicationContext() == context
                        && event.getWebServer() instanceof UndertowWebServer server) {
                    binding.server().started(server.getUndertow());
                }
            };
        }

        /** Servlet applications are reached by connections that come in before the server reports its start, too. */
        @Configuration(proxyBeanMethods = false)
        @ConditionalOnClass(DeploymentInfo.class)
        static class Servlet {

            @Bean
            WebServerFactoryCustomizer<UndertowServletWebServerFactory> drainUndertowServletCustomizer(
                    ServerBinding<UndertowDrainableServer> binding) {
                return (factory) -> factory.addDeploymentInfoCustomizers((deployment) -> deployment
                        .addInitialHandlerChainWrapper(binding.server()::inFrontOf)
                        .addThreadSetupAction(new UndertowServletThreads()));
            }
        }

        /** Reactive applications are reached in front of their handler. */
        @Configuration(proxyBeanMethods = false)
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
        @ConditionalOnClass(HttpHandler.class)
        static class Reactive {

            @Bean
            static UndertowHttpHandlers drainUndertowHttpHandlers(
                    ObjectProvider<ServerBinding<UndertowDrainableServer>> binding) {
                return new UndertowHttpHandlers(
                        SingletonSupplier.of(() -> binding.getObject().server()));
            }
        }
    }
}
