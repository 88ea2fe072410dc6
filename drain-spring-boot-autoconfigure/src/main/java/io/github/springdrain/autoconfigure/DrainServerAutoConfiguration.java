// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.jetty.JettyDrainableServer;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.server.netty.NettyDrainableServer;
import io.github.springdrain.server.tomcat.TomcatDrainableServer;
import io.github.springdrain.server.undertow.UndertowDrainableServer;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnNotWarDeployment;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * The drain's side of each container. What a factory is given is customized by the auto-configuration of the line of
 * Spring Boot, since the factories have moved from one to the next. Not for a WAR in an external container: Spring Boot
 * customizes a factory there too, where it finds the classes of a container, and never has it create a server.
 */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnNotWarDeployment
@ConditionalOnDrain
public final class DrainServerAutoConfiguration {

    /** Tomcat. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.apache.coyote.http11.Http11NioProtocol")
    static class TomcatConfiguration {

        @Bean
        ServerBinding<TomcatDrainableServer> drainTomcatBinding(
                DrainEngine drain, DrainProperties properties, ObjectProvider<LingeringCloser> closer) {
            return new ServerBinding<>(
                    drain,
                    () -> new TomcatDrainableServer(
                            properties.acceptQueue().gate().mode(),
                            properties.sharingOrInherited(),
                            closer.getIfAvailable(() -> LingeringCloser.OFF),
                            drain.settings().timeout()));
        }
    }

    /** Jetty. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.eclipse.jetty.server.ServerConnector")
    static class JettyConfiguration {

        @Bean
        ServerBinding<JettyDrainableServer> drainJettyBinding(
                DrainEngine drain, DrainProperties properties, ObjectProvider<LingeringCloser> closer) {
            return new ServerBinding<>(
                    drain,
                    () -> new JettyDrainableServer(
                            properties.acceptQueue().gate().mode(),
                            properties.sharingOrInherited(),
                            closer.getIfAvailable(() -> LingeringCloser.OFF)));
        }
    }

    /** Undertow. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = {"io.undertow.Undertow", "org.xnio.XnioWorker"})
    static class UndertowConfiguration {

        @Bean
        ServerBinding<UndertowDrainableServer> drainUndertowBinding(
                DrainEngine drain, DrainProperties properties, ObjectProvider<LingeringCloser> closer) {
            return new ServerBinding<>(
                    drain,
                    () -> new UndertowDrainableServer(
                            properties.acceptQueue().gate().mode(),
                            properties.sharing(),
                            closer.getIfAvailable(() -> LingeringCloser.OFF)),
                    UndertowDrainableServer::release);
        }
    }

    /** Reactor Netty. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    @ConditionalOnClass(name = "reactor.netty.http.server.HttpServer")
    static class NettyConfiguration {

        /** What event loops get to end in once one of them is known not to. */
        private static final Duration BLOCKED_LOOP_TIMEOUT = Duration.ofMillis(250);

        @Bean
        ServerBinding<NettyDrainableServer> drainNettyBinding(
                DrainEngine drain,
                DrainProperties properties,
                ObjectProvider<LingeringCloser> closer,
                ObjectProvider<ReactorResourceFactory> resources) {
            return new ServerBinding<>(
                    drain,
                    () -> new NettyDrainableServer(
                            properties.acceptQueue().gate().mode(),
                            properties.sharing(),
                            closer.getIfAvailable(() -> LingeringCloser.OFF),
                            () -> resources.ifAvailable(NettyConfiguration::waitNoLonger)),
                    NettyDrainableServer::release);
        }

        /** An event loop that the application blocks would hold the exit for 15 s, to no avail. */
        private static void waitNoLonger(ReactorResourceFactory resources) {
            resources.setShutdownQuietPeriod(Duration.ZERO);
            resources.setShutdownTimeout(BLOCKED_LOOP_TIMEOUT);
        }
    }
}
