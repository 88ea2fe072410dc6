// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import io.github.springdrain.contract.Outcome;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.RawConnection;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** The main class of a process that opens and closes contexts, as tests do, and says what is left of them. */
final class ContextsApplication {

    static final String RESULT = "Contexts: ";

    /** How much longer than plain Spring Boot a context may take to close. */
    static final long MORE_MILLIS = 300;

    private static final int MORE_MEASUREMENTS = 10;

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final int STREAMS = 2;

    private static final Duration SETTLING = Duration.ofSeconds(90);

    private final WebApplicationType type;

    private final List<WeakReference<ConfigurableApplicationContext>> contexts = new ArrayList<>();

    private ContextsApplication(WebApplicationType type) {
        this.type = type;
    }

    /** Takes two arguments: the type of the application and how many contexts. */
    public static void main(String[] args) throws Exception {
        new ContextsApplication(WebApplicationType.valueOf(args[0])).run(Integer.parseInt(args[1]));
    }

    private void run(int count) throws Exception {
        // What the first contexts load and start for good is no leak of theirs. Reactor starts the threads of its
        // scheduler one by one, each at its first turn.
        for (int i = 0; i < Schedulers.DEFAULT_POOL_SIZE; i++) {
            Schedulers.parallel().schedule(() -> {});
        }
        close(false, false);
        close(true, false);
        close(true, true);
        this.contexts.clear();
        Set<Thread> known = new HashSet<>(threads());
        long descriptors = descriptors();
        List<Long> plain = new ArrayList<>();
        List<Long> idle = new ArrayList<>();
        List<Long> streaming = new ArrayList<>();
        int interval = Math.max(1, count / STREAMS);
        for (int i = 0; i < count; i++) {
            idle.add(close(true, false));
            if (i % interval == 0) {
                plain.add(close(false, false));
                streaming.add(close(true, true));
            }
        }
        // On a busy machine a few closes may all be slow.
        for (int i = 0; i < MORE_MEASUREMENTS && least(idle) > least(plain) + MORE_MILLIS; i++) {
            idle.add(close(true, false));
        }
        for (int i = 0; i < MORE_MEASUREMENTS && least(streaming) > least(plain) + MORE_MILLIS; i++) {
            streaming.add(close(true, true));
        }
        long end = System.nanoTime() + SETTLING.toNanos();
        while (!left(known, descriptors).isEmpty() && end - System.nanoTime() > 0) {
            System.gc();
            Thread.sleep(100);
        }
        System.out.printf(
                "%s%d opened, left: %s; closed in %d ms, with a stream %d ms, plain %d ms%n",
                RESULT, this.contexts.size(), left(known, descriptors), least(idle), least(streaming), least(plain));
    }

    /** Opens a context, has it serve, and closes it; returns how many milliseconds the last took. */
    private long close(boolean drain, boolean stream) throws IOException, InterruptedException {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(this.type)
                .properties("server.port=0", "server.drain.enabled=" + drain, "spring.main.banner-mode=off")
                .properties("logging.level.root=warn", "spring.reactor.netty.shutdown-quiet-period=0s")
                // As in tests: this is how Spring Boot itself knows them.
                .properties("org.springframework.boot.test.context.SpringBootTestContextBootstrapper=true")
                .run();
        this.contexts.add(new WeakReference<>(context));
        Integer port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        RawClient client = RawClient.plain("localhost", port);
        if (client.get("/hello").outcome() != Outcome.COMPLETE) {
            throw new IllegalStateException("Not served");
        }
        @Nullable RawConnection streaming = stream ? client.connect().request("GET", "/stream") : null;
        if (streaming != null) {
            context.getBean(Resources.class).awaitStream();
        }
        long start = System.nanoTime();
        context.close();
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        if (streaming != null) {
            streaming.close();
        }
        return millis;
    }

    /** What it takes when nothing else keeps the machine busy. */
    private static long least(List<Long> values) {
        return Collections.min(values);
    }

    private List<String> left(Set<Thread> known, long descriptors) throws IOException {
        List<String> left = new ArrayList<>();
        threads().stream()
                .filter((thread) -> !known.contains(thread))
                .map((thread) -> "thread " + thread.getName())
                .forEach(left::add);
        // The last one is still known to Logback, by its environment.
        long open = this.contexts.subList(0, this.contexts.size() - 1).stream()
                .filter((context) -> context.get() != null)
                .count();
        if (open > 0) {
            left.add(open + " contexts");
        }
        if (descriptors() > descriptors) {
            left.add((descriptors() - descriptors) + " descriptors");
        }
        return left;
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Resources.class)
    static class Application {}

    /** A response, and one without an end. */
    @RestController
    static class Resources {

        private final CountDownLatch streaming = new CountDownLatch(1);

        void awaitStream() throws InterruptedException {
            if (!this.streaming.await(SETTLING.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("No stream has begun");
            }
        }

        @GetMapping("/hello")
        String hello() {
            return "hello";
        }

        @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<String> stream() {
            return Flux.interval(Duration.ZERO, Duration.ofMillis(50))
                    .onBackpressureDrop()
                    .map((tick) -> "tick")
                    .doOnNext((tick) -> this.streaming.countDown());
        }
    }
}
