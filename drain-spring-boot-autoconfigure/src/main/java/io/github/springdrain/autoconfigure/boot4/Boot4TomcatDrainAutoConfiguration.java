package io.github.springdrain.autoconfigure.boot4;

import io.github.springdrain.autoconfigure.TomcatDrainAutoConfiguration;
import io.github.springdrain.autoconfigure.TomcatDrainBinding;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** Drains Tomcat under Spring Boot 4.x. */
@AutoConfiguration(after = TomcatDrainAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.tomcat.TomcatWebServerFactory")
@ConditionalOnBean(TomcatDrainBinding.class)
public final class Boot4TomcatDrainAutoConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatWebServerFactory> drainTomcatCustomizer(TomcatDrainBinding binding) {
        return (factory) -> {
            factory.addContextCustomizers(binding.server()::adopt);
            binding.bind(factory, factory.getProtocol(), factory::setProtocol);
        };
    }
}
