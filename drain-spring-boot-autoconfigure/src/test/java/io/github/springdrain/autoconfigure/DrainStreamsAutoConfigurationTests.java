// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.OpenStreams;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.testing.RecordingServer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class DrainStreamsAutoConfigurationTests {

    private final ReactiveWebApplicationContextRunner reactive = new ReactiveWebApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DrainAutoConfiguration.class, DrainStreamsAutoConfiguration.class));

    @Test
    void registersTheStreamsOfAServerThatIsDrained() {
        this.reactive.withBean("handler", HttpHandler.class, OpenEnded::new).run((context) -> {
            assertThat(registered(context)).isZero();
            context.getBean(DrainEngine.class).attach(new RecordingServer());
            assertThat(registered(context)).isEqualTo(1);
        });
    }

    /** Others may depend on what it is declared as. */
    @Test
    void leavesAHandlerOfTheApplicationsOwnTypeAlone() {
        this.reactive.withBean("handler", OpenEnded.class).run((context) -> {
            context.getBean(DrainEngine.class).attach(new RecordingServer());
            assertThat(context.getBean(OpenEnded.class)).isExactlyInstanceOf(OpenEnded.class);
            assertThat(registered(context)).isZero();
        });
    }

    /** How many streams are registered while one is open. */
    private static int registered(ApplicationContext context) {
        OpenStreams streams = context.getBean(DrainEngine.class).streams();
        Disposable exchange = context.getBean(HttpHandler.class)
                .handle(MockServerHttpRequest.get("/").build(), new MockServerHttpResponse())
                .subscribe();
        try {
            return streams.size();
        } finally {
            exchange.dispose();
        }
    }

    /** Begins a stream and never ends it. */
    static class OpenEnded implements HttpHandler {

        @Override
        public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
            response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
            return response.writeWith(Flux.never());
        }
    }
}
