package io.github.springdrain.autoconfigure.boot4;

import io.github.springdrain.autoconfigure.NettyDrainAutoConfiguration;
import io.github.springdrain.autoconfigure.NettyDrainBinding;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Drains Reactor Netty under Spring Boot 4.x. */
@AutoConfiguration(after = NettyDrainAutoConfiguration.class)
@ConditionalOnClass(name = "org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory")
@ConditionalOnBean(NettyDrainBinding.class)
public final class Boot4NettyDrainAutoConfiguration {

    /** Last, so that its handlers are nearest to the socket. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> drainNettyCustomizer(NettyDrainBinding binding) {
        return (factory) -> factory.addServerCustomizers(binding.bind(factory)::customize);
    }
}
