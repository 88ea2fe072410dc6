package io.github.springdrain.autoconfigure.boot3;

import io.github.springdrain.autoconfigure.TomcatDrainAutoConfiguration;
import io.github.springdrain.autoconfigure.TomcatDrainBinding;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatReactiveWebServerFactory;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ReflectionUtils;

/** Drains Tomcat under Spring Boot 3.5. */
@AutoConfiguration(after = TomcatDrainAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory")
@ConditionalOnBean(TomcatDrainBinding.class)
public final class Boot3TomcatDrainAutoConfiguration {

    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> drainTomcatCustomizer(TomcatDrainBinding binding) {
        return (factory) -> {
            factory.addContextCustomizers(binding.server()::adopt);
            binding.bind(factory, protocol(factory), (name) -> setProtocol(factory, name));
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
