package io.github.springdrain.autoconfigure;

import io.github.springdrain.Drain;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.server.undertow.UndertowDrainableServer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The drain's side of Undertow. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnClass(name = {"io.undertow.Undertow", "org.xnio.XnioWorker"})
@ConditionalOnBean(Drain.class)
public final class UndertowDrainAutoConfiguration {

    @Bean
    UndertowDrainBinding drainUndertowBinding(
            DrainEngine drain, DrainProperties properties, ObjectProvider<LingeringCloser> closer) {
        return new UndertowDrainBinding(
                drain,
                () -> new UndertowDrainableServer(
                        properties.acceptQueue().gate().mode(), closer.getIfAvailable()));
    }
}
