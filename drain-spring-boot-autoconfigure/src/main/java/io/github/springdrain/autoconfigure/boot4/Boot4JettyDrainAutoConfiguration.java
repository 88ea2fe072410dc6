package io.github.springdrain.autoconfigure.boot4;

import io.github.springdrain.autoconfigure.JettyDrainAutoConfiguration;
import io.github.springdrain.autoconfigure.JettyDrainBinding;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Drains Jetty under Spring Boot 4.x. */
@AutoConfiguration(after = JettyDrainAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.jetty.ConfigurableJettyWebServerFactory")
@ConditionalOnBean(JettyDrainBinding.class)
public final class Boot4JettyDrainAutoConfiguration {

    /** Last, so that the connectors are adopted as every other customizer has left them. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> drainJettyCustomizer(JettyDrainBinding binding) {
        return (factory) -> factory.addServerCustomizers(binding.bind(factory)::adopt);
    }
}
