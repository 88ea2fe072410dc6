// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.github.springdrain.contract.RawClient;
import java.time.Duration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A reactive application with a response that takes its time and one that comes in pieces. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ReactiveApplication {

    static ConfigurableApplicationContext start(String... properties) {
        return new SpringApplicationBuilder(ReactiveApplication.class)
                .web(WebApplicationType.REACTIVE)
                .properties("server.port=0")
                .properties(properties)
                .run();
    }

    static RawClient client(ConfigurableApplicationContext context) {
        Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        return RawClient.plain("localhost", port);
    }

    @Bean
    RouterFunction<ServerResponse> routes() {
        return route().GET("/hello", (request) -> ServerResponse.ok().bodyValue("hello"))
                .GET(
                        "/slow",
                        (request) -> Mono.delay(Duration.ofSeconds(3))
                                .flatMap((tick) -> ServerResponse.ok().bodyValue("slow")))
                .GET(
                        "/stream",
                        (request) -> ServerResponse.ok()
                                .body(
                                        Flux.interval(Duration.ofMillis(100))
                                                .take(15)
                                                .map((tick) -> "tick\n"),
                                        String.class))
                .build();
    }
}
