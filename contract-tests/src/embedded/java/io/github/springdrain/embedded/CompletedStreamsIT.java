// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import io.github.springdrain.DrainListener;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTimeline;
import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Streams that the application ends itself when its context closes, on {@link ContextClosedEvent} or in a lifecycle
 * bean of the default phase, end as it wants them to and are not waited for any longer.
 */
@Timeout(120)
class CompletedStreamsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What the application does when its context closes, and what it hears of the drain. */
    abstract static class ConnectionEnd implements SmartLifecycle, DrainListener {

        private final AtomicInteger streamsEndings = new AtomicInteger();

        private volatile boolean running;

        /** Ends the streams of this name with a last event. */
        abstract void complete(String name);

        abstract int open();

        /** How many of them have ended, and how many in error. */
        abstract List<Integer> completedAndFailed();

        @EventListener
        void onContextClosed(ContextClosedEvent event) {
            complete("event");
        }

        @Override
        public void start() {
            this.running = true;
        }

        @Override
        public void stop() {
            this.running = false;
            complete("lifecycle");
        }

        @Override
        public boolean isRunning() {
            return this.running;
        }

        @Override
        public void streamsEnding(DrainTimeline timeline) {
            this.streamsEndings.incrementAndGet();
        }
    }

    /** With Spring MVC. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Emitters.class)
    static class ServletApplication {}

    /** Emitters; the quiet ones have sent nothing before. */
    @RestController
    static class Emitters extends ConnectionEnd {

        private final Queue<SseEmitter> onEvent = new ConcurrentLinkedQueue<>();

        private final Queue<SseEmitter> onStop = new ConcurrentLinkedQueue<>();

        private final AtomicInteger completed = new AtomicInteger();

        private final AtomicInteger failed = new AtomicInteger();

        @GetMapping("/{name}")
        SseEmitter open(@PathVariable String name) throws IOException {
            SseEmitter emitter = new SseEmitter(0L);
            emitter.onCompletion(this.completed::incrementAndGet);
            emitter.onError((failure) -> this.failed.incrementAndGet());
            if (!name.startsWith("quiet")) {
                emitter.send("hello");
            }
            (name.endsWith("event") ? this.onEvent : this.onStop).add(emitter);
            return emitter;
        }

        @Override
        void complete(String name) {
            for (SseEmitter emitter : "event".equals(name) ? this.onEvent : this.onStop) {
                try {
                    emitter.send("bye");
                } catch (IOException ex) {
                    throw new UncheckedIOException(ex);
                }
                emitter.complete();
            }
        }

        @Override
        int open() {
            return this.onEvent.size() + this.onStop.size();
        }

        @Override
        List<Integer> completedAndFailed() {
            return List.of(this.completed.get(), this.failed.get());
        }
    }

    /** With Spring WebFlux. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Fluxes.class)
    static class ReactiveApplication {

        @Bean
        static RouterFunction<ServerResponse> routes(Fluxes fluxes) {
            return route().GET(
                            "/{name}",
                            (request) -> ServerResponse.ok()
                                    .body(BodyInserters.fromServerSentEvents(
                                            fluxes.open(request.pathVariable("name")))))
                    .build();
        }
    }

    /** Sinks; on quiet ones nothing was sent before. */
    static class Fluxes extends ConnectionEnd {

        private final Sinks.Many<ServerSentEvent<String>> onEvent =
                Sinks.many().multicast().directBestEffort();

        private final Sinks.Many<ServerSentEvent<String>> onStop =
                Sinks.many().multicast().directBestEffort();

        private final AtomicInteger completed = new AtomicInteger();

        private final AtomicInteger failed = new AtomicInteger();

        Flux<ServerSentEvent<String>> open(String name) {
            // The last event may come while the first is being written, when nobody has asked for more.
            var events = (name.endsWith("event") ? this.onEvent : this.onStop)
                    .asFlux()
                    .onBackpressureBuffer();
            return (name.startsWith("quiet") ? events : events.startWith(event("hello")))
                    .doOnComplete(this.completed::incrementAndGet)
                    .doOnError((failure) -> this.failed.incrementAndGet());
        }

        private static ServerSentEvent<String> event(String data) {
            return ServerSentEvent.builder(data).build();
        }

        @Override
        void complete(String name) {
            Sinks.Many<ServerSentEvent<String>> sink = "event".equals(name) ? this.onEvent : this.onStop;
            sink.tryEmitNext(event("bye")).orThrow();
            sink.tryEmitComplete().orThrow();
        }

        @Override
        int open() {
            return this.onEvent.currentSubscriberCount() + this.onStop.currentSubscriberCount();
        }

        @Override
        List<Integer> completedAndFailed() {
            return List.of(this.completed.get(), this.failed.get());
        }
    }

    @Test
    void emittersEndAsTheApplicationEndsThemAndAreNotWaitedForAnyLonger() throws Exception {
        assertEndedByTheApplication(ServletApplication.class, WebApplicationType.SERVLET);
    }

    @Test
    void fluxesEndAsTheApplicationEndsThemAndAreNotWaitedForAnyLonger() throws Exception {
        assertEndedByTheApplication(ReactiveApplication.class, WebApplicationType.REACTIVE);
    }

    private static void assertEndedByTheApplication(Class<?> application, WebApplicationType type) throws Exception {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
                .web(type)
                .properties("server.port=0", "spring.mvc.async.request-timeout=-1")
                .properties("server.drain.timeout=30s", "server.drain.streams.retry=2500ms")
                .run();
        ConnectionEnd ending = context.getBean(ConnectionEnd.class);
        List<String> names = List.of("event", "lifecycle", "quiet-event", "quiet-lifecycle");
        ConcurrentClients<RawResponse> readers =
                ConcurrentClients.forEach("reader", names, (name) -> get(context, "/" + name));
        assertThat(Moment.awaitThat(() -> ending.open() >= names.size(), LIMIT)).isTrue();

        DrainReport report = Closing.of(context);
        List<RawResponse> responses = readers.results(LIMIT);
        System.out.printf(
                "%s: streams that the application ends: drained in %d ms of 30000%n",
                type, report.duration().toMillis());
        for (int i = 0; i < names.size(); i++) {
            assertThat(responses.get(i).summary()).as(names.get(i)).startsWith("COMPLETE 200");
            // What had sent nothing had its head sent by a comment, which clients pass over.
            assertThat(responses.get(i).text().replaceFirst("^:\n\n", ""))
                    .as(names.get(i))
                    .isEqualTo(names.get(i).startsWith("quiet") ? "data:bye\n\n" : "data:hello\n\ndata:bye\n\n");
        }
        // A container may call back a moment after a client has the end of its response.
        Moment.awaitThat(() -> ending.completedAndFailed().get(0) >= names.size(), LIMIT);
        assertThat(ending.completedAndFailed()).containsExactly(names.size(), 0);
        assertThat(ending.streamsEndings.get()).isZero();
        assertThat(report.outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(report.duration()).isLessThan(Duration.ofSeconds(5));
    }

    private static RawResponse get(ConfigurableApplicationContext context, String path) throws IOException {
        Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        RawClient client = RawClient.plain("localhost", port).withPatience(LIMIT);
        return client.connect().request("GET", path).read();
    }
}
