package io.github.springdrain.autoconfigure;

import io.github.springdrain.Drain;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.linger.LingeringCloser;
import io.github.springdrain.server.netty.NettyDrainableServer;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;

/** The drain's side of Reactor Netty, for both lines of Spring Boot. */
@AutoConfiguration(after = DrainAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(name = "reactor.netty.http.server.HttpServer")
@ConditionalOnBean(Drain.class)
public final class NettyDrainAutoConfiguration {

    /** What event loops get to end in once one of them is known not to. */
    private static final Duration BLOCKED_LOOP_TIMEOUT = Duration.ofMillis(250);

    @Bean
    NettyDrainBinding drainNettyBinding(
            DrainEngine drain,
            DrainProperties properties,
            ObjectProvider<LingeringCloser> closer,
            ObjectProvider<ReactorResourceFactory> resources) {
        return new NettyDrainBinding(
                drain,
                () -> new NettyDrainableServer(
                        properties.acceptQueue().gate().mode(),
                        closer.getIfAvailable(),
                        () -> resources.ifAvailable(NettyDrainAutoConfiguration::waitNoLonger)));
    }

    /** An event loop that the application blocks would hold the exit for 15 s, to no avail. */
    private static void waitNoLonger(ReactorResourceFactory resources) {
        resources.setShutdownQuietPeriod(Duration.ZERO);
        resources.setShutdownTimeout(BLOCKED_LOOP_TIMEOUT);
    }
}
