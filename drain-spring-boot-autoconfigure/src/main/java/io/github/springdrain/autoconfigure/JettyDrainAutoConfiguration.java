package io.github.springdrain.autoconfigure;

import io.github.springdrain.Drain;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.jetty.JettyDrainableServer;
import io.github.springdrain.server.linger.LingeringCloser;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The drain's side of Jetty, for both lines of Spring Boot. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(name = "org.eclipse.jetty.server.ServerConnector")
@ConditionalOnBean(Drain.class)
public final class JettyDrainAutoConfiguration {

    @Bean
    JettyDrainBinding drainJettyBinding(
            DrainEngine drain, DrainProperties properties, ObjectProvider<LingeringCloser> closer) {
        return new JettyDrainBinding(
                drain,
                () -> new JettyDrainableServer(properties.acceptQueue().gate().mode(), closer.getIfAvailable()));
    }
}
