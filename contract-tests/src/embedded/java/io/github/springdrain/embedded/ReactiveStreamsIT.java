// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.github.springdrain.Drain;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;

/** every kind of open-ended stream in Spring WebFlux is ended. */
@Timeout(120)
class ReactiveStreamsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Streams that never end by themselves. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        @Bean
        RouterFunction<ServerResponse> routes() {
            return route().GET(
                            "/sse", (request) -> ServerResponse.ok().body(BodyInserters.fromServerSentEvents(events())))
                    .GET(
                            "/quiet",
                            (request) -> ServerResponse.ok()
                                    .body(BodyInserters.fromServerSentEvents(Flux.<ServerSentEvent<String>>never())))
                    .GET(
                            "/data",
                            (request) -> ServerResponse.ok()
                                    .contentType(MediaType.APPLICATION_NDJSON)
                                    .body(BodyInserters.fromDataBuffers(buffers())))
                    .GET(
                            "/download",
                            (request) -> ServerResponse.ok()
                                    .contentType(MediaType.APPLICATION_OCTET_STREAM)
                                    .body(BodyInserters.fromDataBuffers(buffers())))
                    .build();
        }

        private static Flux<ServerSentEvent<String>> events() {
            return Flux.interval(Duration.ofMillis(50))
                    .onBackpressureDrop()
                    .map((tick) -> ServerSentEvent.builder("tick").build());
        }

        private static Flux<DataBuffer> buffers() {
            return Flux.interval(Duration.ofMillis(50))
                    .onBackpressureDrop()
                    .map((tick) ->
                            DefaultDataBufferFactory.sharedInstance.wrap("{}\n".getBytes(StandardCharsets.US_ASCII)));
        }
    }

    @Test
    void everyKindOfStreamEndsAsIfItWereCompleteButADownload() throws Exception {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.REACTIVE)
                .properties("server.port=0", "server.drain.timeout=6s", "server.drain.streams.timeout=1s")
                .properties("server.drain.streams.retry=2500ms")
                .run();
        ConcurrentClients<RawResponse> sse = get(context, "/sse");
        ConcurrentClients<RawResponse> quiet = get(context, "/quiet");
        ConcurrentClients<RawResponse> data = get(context, "/data");
        ConcurrentClients<RawResponse> download = get(context, "/download");
        Drain drain = context.getBean(Drain.class);
        Moment.awaitThat(() -> drain.streams().size() >= 3, LIMIT);
        Moment.await(System.nanoTime(), Duration.ofMillis(500));

        context.close();
        assertThat(response(sse).summary()).startsWith("COMPLETE 200");
        assertThat(response(sse).text()).contains("data:tick\n\n").endsWith("retry:2500\n\n");
        assertThat(response(quiet).summary()).startsWith("COMPLETE 200");
        assertThat(response(quiet).text()).isEqualTo("retry:2500\n\n");
        assertThat(response(data).summary()).startsWith("COMPLETE 200");
        assertThat(response(data).text()).endsWith("{}\n");
        assertThat(response(download).outcome().isLost()).isTrue();
        // A container may call back a moment after a client has the end of its response.
        Moment.awaitThat(() -> drain.streams().size() == 0, LIMIT);
        assertThat(drain.streams().size()).isZero();
    }

    private static ConcurrentClients<RawResponse> get(ConfigurableApplicationContext context, String path)
            throws IOException {
        Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        RawClient client = RawClient.plain("localhost", port).withPatience(LIMIT);
        var connection = client.connect().request("GET", path);
        return ConcurrentClients.start("reader", 1, connection::read);
    }

    private static RawResponse response(ConcurrentClients<RawResponse> reader) {
        return reader.results(LIMIT).get(0);
    }
}
