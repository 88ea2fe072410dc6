// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.actuate.ActuatorRequests;
import io.github.springdrain.actuate.DrainEndpoint;
import io.github.springdrain.actuate.DrainEndpointJmxExtension;
import io.github.springdrain.actuate.DrainEndpointWebExtension;
import io.github.springdrain.actuate.PreStopHook;
import io.github.springdrain.engine.DrainEngine;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.context.WebApplicationContext;

/** The drain in the actuator, for applications that have it. */
@AutoConfiguration(after = {DrainAutoConfiguration.class, WebEndpointAutoConfiguration.class})
@ConditionalOnClass({PathMappedEndpoints.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnDrain
public final class DrainActuatorAutoConfiguration {

    private static final Logger logger = LoggerFactory.getLogger(DrainActuatorAutoConfiguration.class);

    /** The endpoint, where it is exposed. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnAvailableEndpoint(DrainEndpoint.class)
    static class EndpointConfiguration {

        @Bean
        @ConditionalOnMissingBean(name = "drainEndpoint", search = SearchStrategy.CURRENT)
        DrainEndpoint drainEndpoint(DrainEngine drain) {
            return new DrainEndpoint(drain);
        }

        @Bean
        @ConditionalOnWebApplication
        DrainEndpointWebExtension drainEndpointWebExtension(DrainEndpoint endpoint, PreStopHook preStop) {
            return new DrainEndpointWebExtension(endpoint, preStop);
        }

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        PreStopHook drainServletPreStopHook(DrainProperties properties, EndpointAccessResolver access) {
            return preStopHook(properties, access, new ServletUserAgent());
        }

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
        PreStopHook drainReactivePreStopHook(DrainProperties properties, EndpointAccessResolver access) {
            return preStopHook(properties, access, () -> null);
        }

        private static PreStopHook preStopHook(
                DrainProperties properties, EndpointAccessResolver resolver, Supplier<@Nullable String> userAgent) {
            Access access = resolver.accessFor(EndpointId.of("drain"), Access.READ_ONLY);
            return new PreStopHook(properties.prestop().httpGet(), access == Access.UNRESTRICTED, userAgent);
        }

        @Bean
        @ConditionalOnProperty(name = "spring.jmx.enabled", havingValue = "true")
        DrainEndpointJmxExtension drainEndpointJmxExtension(DrainEndpoint endpoint) {
            return new DrainEndpointJmxExtension(endpoint);
        }
    }

    /** How a process that stands by can be asked whether it is ready. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication
    @ConditionalOnProperty(name = DrainProperties.PREFIX + ".reuse-port", havingValue = "true")
    static class StandByConfiguration {

        @Bean
        SmartInitializingSingleton drainStandByCheck(Environment environment) {
            return () -> {
                if (ManagementPortType.get(environment) == ManagementPortType.SAME) {
                    logger.warn("'server.drain.reuse-port' is true and 'management.server.port' is not set: while two"
                            + " processes share the port, the actuator of the one that stands by cannot be reached, and"
                            + " whether it is ready cannot be told. Give each process a management port of its own");
                }
            };
        }
    }

    /** What is not work, whether the drain's own endpoint is exposed or not. */
    @Configuration(proxyBeanMethods = false)
    static class WorkConfiguration {

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
        SmartInitializingSingleton drainServletWork(
                DrainEngine drain, ObjectProvider<PathMappedEndpoints> endpoints, WebApplicationContext context) {
            return () -> endpoints.ifUnique(
                    (paths) -> exceptActuator(drain, paths, context.getEnvironment(), servletPrefix(context)));
        }

        @Bean
        @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
        SmartInitializingSingleton drainReactiveWork(
                DrainEngine drain, ObjectProvider<PathMappedEndpoints> endpoints, Environment environment) {
            return () -> endpoints.ifUnique((paths) ->
                    exceptActuator(drain, paths, environment, path(environment, "spring.webflux.base-path")));
        }

        private static void exceptActuator(
                DrainEngine drain, PathMappedEndpoints endpoints, Environment environment, String prefix) {
            boolean onApplicationPort = ManagementPortType.get(environment) == ManagementPortType.SAME;
            drain.workIs(
                    ActuatorRequests.to(endpoints, prefix, onApplicationPort).negate());
            drain.callersAre(ActuatorRequests.to(prefix + endpoints.getPath(EndpointId.of("drain"))));
        }

        private static String servletPrefix(WebApplicationContext context) {
            var servletContext = context.getServletContext();
            String contextPath = (servletContext != null) ? servletContext.getContextPath() : "";
            return contextPath + path(context.getEnvironment(), "spring.mvc.servlet.path");
        }

        /** The path that a property names, with a slash in front and none at its end; empty for the root. */
        private static String path(Environment environment, String property) {
            String path = environment.getProperty(property, "");
            String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return (trimmed.isEmpty() || trimmed.startsWith("/")) ? trimmed : "/" + trimmed;
        }
    }
}
