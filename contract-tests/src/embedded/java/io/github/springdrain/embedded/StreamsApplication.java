// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.springdrain.DrainStreamsEndingEvent;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import reactor.core.publisher.Flux;

/** A servlet application with every kind of open-ended stream. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSocket
@Import({StreamsApplication.Streams.class, StreamsApplication.SlowEndpoint.class})
class StreamsApplication implements WebSocketConfigurer {

    private static final long PERIOD_MILLIS = 50;

    private static final byte[] LINE = "line\n".getBytes(US_ASCII);

    private final AtomicInteger streamsEndings = new AtomicInteger();

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(new TextWebSocketHandler(), "/sock")
                .setAllowedOriginPatterns("*")
                .withSockJS();
    }

    @EventListener
    void onStreamsEnding(DrainStreamsEndingEvent event) {
        this.streamsEndings.incrementAndGet();
    }

    int streamsEndings() {
        return this.streamsEndings.get();
    }

    @Bean(destroyMethod = "shutdownNow")
    static ScheduledExecutorService pulse() {
        return Executors.newScheduledThreadPool(2);
    }

    @Bean
    static RouterFunction<ServerResponse> functional(ScheduledExecutorService pulse) {
        return RouterFunctions.route()
                .GET("/functional", (request) -> ServerResponse.sse((sse) -> repeat(pulse, () -> sse.send("tick"))))
                .build();
    }

    private static void repeat(ScheduledExecutorService pulse, Sending sending) {
        Future<?> unused = pulse.scheduleAtFixedRate(
                () -> {
                    try {
                        sending.send();
                    } catch (IOException ex) {
                        throw new IllegalStateException("The stream has ended", ex);
                    }
                },
                0,
                PERIOD_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** What is done again and again. */
    private interface Sending {

        void send() throws IOException;
    }

    /** Streams of controllers. */
    @RestController
    static class Streams {

        private final ScheduledExecutorService pulse;

        private final AtomicInteger begun = new AtomicInteger();

        Streams(ScheduledExecutorService pulse) {
            this.pulse = pulse;
        }

        /** How many requests for {@code /emitter} and {@code /body} have come in. */
        int begun() {
            return this.begun.get();
        }

        @GetMapping("/emitter")
        ResponseEntity<ResponseBodyEmitter> emitter() {
            this.begun.incrementAndGet();
            ResponseBodyEmitter emitter = new ResponseBodyEmitter(0L);
            repeat(this.pulse, () -> emitter.send("line\n", MediaType.TEXT_PLAIN));
            return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(emitter);
        }

        /** Has sent nothing, not even its head. */
        @GetMapping("/quiet")
        SseEmitter quiet() {
            return new SseEmitter(0L);
        }

        @GetMapping(path = "/body", produces = MediaType.TEXT_PLAIN_VALUE)
        StreamingResponseBody body() {
            this.begun.incrementAndGet();
            return StreamsApplication::writeWithoutEnd;
        }

        @GetMapping("/download")
        ResponseEntity<StreamingResponseBody> download() {
            return ResponseEntity.ok()
                    .contentType(MediaType.APPLICATION_OCTET_STREAM)
                    .body(StreamsApplication::writeWithoutEnd);
        }

        @GetMapping(path = "/flux", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<String> flux() {
            return Flux.interval(Duration.ofMillis(PERIOD_MILLIS))
                    .onBackpressureDrop()
                    .map((tick) -> "tick");
        }
    }

    private static void writeWithoutEnd(java.io.OutputStream out) throws IOException {
        while (true) {
            out.write(LINE);
            out.flush();
            try {
                Thread.sleep(PERIOD_MILLIS);
            } catch (InterruptedException ex) {
                throw new InterruptedIOException("Interrupted");
            }
        }
    }

    /** An actuator call that takes long. */
    @Endpoint(id = "slow")
    static class SlowEndpoint {

        @ReadOperation
        String slow() throws InterruptedException {
            Thread.sleep(30_000);
            return "slow";
        }
    }
}
