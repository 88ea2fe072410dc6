package io.github.springdrain.autoconfigure;

import io.github.springdrain.Drain;
import io.github.springdrain.spring.messaging.StreamBindings;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.cloud.stream.binding.BindingsLifecycleController;
import org.springframework.context.annotation.Bean;

/** Bindings of Spring Cloud Stream as part of the drain. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(BindingsLifecycleController.class)
@ConditionalOnBean(Drain.class)
@ConditionalOnProperty(name = "server.drain.participants.stream.enabled", matchIfMissing = true)
public final class DrainBindingsAutoConfiguration {

    @Bean
    StreamBindings drainStreamBindings(ListableBeanFactory beans, DrainProperties properties) {
        return new StreamBindings(beans, properties.participants().exclude());
    }
}
