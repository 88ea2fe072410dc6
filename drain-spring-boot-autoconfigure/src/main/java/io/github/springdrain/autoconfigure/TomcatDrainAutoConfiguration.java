package io.github.springdrain.autoconfigure;

import io.github.springdrain.Drain;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.server.tomcat.TomcatDrainableServer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The drain's side of Tomcat, for both lines of Spring Boot. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(name = "org.apache.coyote.http11.Http11NioProtocol")
@ConditionalOnBean(Drain.class)
public final class TomcatDrainAutoConfiguration {

    @Bean
    TomcatDrainBinding drainTomcatBinding(
            DrainEngine drain, DrainProperties properties, ObjectProvider<LingeringCloser> closer) {
        return new TomcatDrainBinding(
                drain,
                () -> new TomcatDrainableServer(
                        properties.acceptQueue().gate().mode(),
                        closer.getIfAvailable(),
                        drain.settings().timeout()));
    }
}
