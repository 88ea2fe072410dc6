// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ConcurrentClients;
import io.github.springdrain.contract.Moment;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** Long polls that a servlet application completes when its context closes do not hold that up. */
@Timeout(120)
class LongPollIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Much less than the 24 s after which the application gets its turn in any case; without load it takes some 1.2 s. */
    private static final Duration PROMPT = Duration.ofSeconds(10);

    /** Completes what was polled for when the context closes, in one of two ways. */
    abstract static class Polls implements SmartLifecycle {

        private final Queue<Runnable> onEvent = new ConcurrentLinkedQueue<>();

        private final Queue<Runnable> onStop = new ConcurrentLinkedQueue<>();

        private volatile boolean running;

        void add(String name, Runnable completion) {
            (name.startsWith("event") ? this.onEvent : this.onStop).add(completion);
        }

        int open() {
            return this.onEvent.size() + this.onStop.size();
        }

        @EventListener
        void onContextClosed(ContextClosedEvent event) {
            this.onEvent.forEach(Runnable::run);
        }

        @Override
        public void start() {
            this.running = true;
        }

        @Override
        public void stop() {
            this.running = false;
            this.onStop.forEach(Runnable::run);
        }

        @Override
        public boolean isRunning() {
            return this.running;
        }
    }

    /** With Spring MVC. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(ServletPolls.class)
    static class ServletApplication {}

    /** Deferred results and callables. */
    @RestController
    static class ServletPolls extends Polls {

        @GetMapping("/event")
        DeferredResult<String> event() {
            return deferred("event");
        }

        @GetMapping("/stop")
        DeferredResult<String> stopped() {
            return deferred("stop");
        }

        private DeferredResult<String> deferred(String name) {
            DeferredResult<String> result = new DeferredResult<>(0L);
            add(name, () -> result.setResult("closing"));
            return result;
        }

        @GetMapping("/event-callable")
        Callable<String> callable() {
            CountDownLatch latch = new CountDownLatch(1);
            add("event", latch::countDown);
            return () -> {
                latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                return "closing";
            };
        }
    }

    /** With Spring WebFlux. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(ReactivePolls.class)
    static class ReactiveApplication {}

    /** Sinks, and blocking work on another thread. */
    @RestController
    static class ReactivePolls extends Polls {

        @GetMapping("/event")
        Mono<String> event() {
            return sink("event");
        }

        @GetMapping("/stop")
        Mono<String> stopped() {
            return sink("stop");
        }

        private Mono<String> sink(String name) {
            Sinks.One<String> sink = Sinks.one();
            add(name, () -> sink.tryEmitValue("closing").orThrow());
            return sink.asMono();
        }

        @GetMapping("/event-callable")
        Mono<String> callable() {
            CountDownLatch latch = new CountDownLatch(1);
            add("event", latch::countDown);
            return Mono.fromCallable(() -> {
                        latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
                        return "closing";
                    })
                    .subscribeOn(Schedulers.boundedElastic());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void longPollsEndAsTheApplicationEndsThem(boolean drain) throws Exception {
        assertEndedByTheApplication(WebApplicationType.SERVLET, drain);
    }

    static void assertEndedByTheApplication(WebApplicationType type, boolean drain) throws Exception {
        boolean servlet = type == WebApplicationType.SERVLET;
        ConfigurableApplicationContext context = new SpringApplicationBuilder(
                        servlet ? ServletApplication.class : ReactiveApplication.class)
                .web(type)
                .properties("server.port=0", "spring.mvc.async.request-timeout=-1", "server.drain.timeout=30s")
                .properties("server.drain.enabled=" + drain, "spring.reactor.netty.shutdown-quiet-period=0s")
                .run();
        Polls polls = context.getBean(Polls.class);
        List<String> names = List.of("event", "stop", "event-callable");
        ConcurrentClients<RawResponse> readers =
                ConcurrentClients.forEach("reader", names, (name) -> get(context, "/" + name));
        assertThat(Moment.awaitThat(() -> polls.open() >= names.size(), LIMIT)).isTrue();

        long closing = System.nanoTime();
        context.close();
        Duration duration = Duration.ofNanos(System.nanoTime() - closing);
        List<RawResponse> responses = readers.results(LIMIT);
        System.out.printf("%s, drain %s: long polls, closed in %d ms%n", type, drain, duration.toMillis());
        assertThat(responses)
                .allSatisfy((response) -> assertThat(response.summary()).startsWith("COMPLETE 200"));
        assertThat(duration).isLessThan(PROMPT);
    }

    private static RawResponse get(ConfigurableApplicationContext context, String path) throws IOException {
        Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        RawClient client = RawClient.plain("localhost", port).withPatience(LIMIT);
        return client.connect().request("GET", path).read();
    }
}
