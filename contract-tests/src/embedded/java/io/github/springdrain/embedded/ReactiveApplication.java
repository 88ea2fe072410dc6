// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import java.time.Duration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A reactive application with a response that takes its time and one that comes in pieces. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ReactiveApplication {

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
