// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.spring.web.reactive.ArrivalsWebFilter;
import io.github.springdrain.spring.web.servlet.ArrivalsFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

/** What an announcement has to know of requests to end when traffic does; only where it is to end then. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnDrain
@ConditionalOnProperty("server.drain.announce.quiet-period")
public final class DrainArrivalsAutoConfiguration {

    /** Requests of servlets. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class ServletConfiguration {

        @Bean
        ArrivalsFilter drainArrivalsFilter(DrainEngine drain) {
            return new ArrivalsFilter(drain.arrivals());
        }
    }

    /** Requests of Spring WebFlux. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    @ConditionalOnClass(WebFilter.class)
    static class ReactiveConfiguration {

        @Bean
        ArrivalsWebFilter drainArrivalsWebFilter(DrainEngine drain, ApplicationContext context) {
            return new ArrivalsWebFilter(drain.arrivals(), context);
        }
    }
}
