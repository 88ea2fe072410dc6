// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** An application, servlet or reactive, that closes its own context from wherever it runs code. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableScheduling
@EnableAsync
@Import({ClosedFromWithinApplication.Controller.class, ClosedFromWithinApplication.Tasks.class})
class ClosedFromWithinApplication {

    @Bean
    static Closing closing(ConfigurableApplicationContext context) {
        return new Closing(context);
    }

    /** Closes the context, once, and remembers how that went. */
    static final class Closing implements DisposableBean {

        private final ConfigurableApplicationContext context;

        private final CompletableFuture<Duration> duration = new CompletableFuture<>();

        private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

        private volatile boolean scheduled;

        Closing(ConfigurableApplicationContext context) {
            this.context = context;
        }

        void close() {
            run(this.context::close);
        }

        void exit() {
            run(() -> SpringApplication.exit(this.context));
        }

        private void run(Runnable action) {
            long start = System.nanoTime();
            action.run();
            this.duration.complete(Duration.ofNanos(System.nanoTime() - start));
        }

        /** How long it took. */
        CompletableFuture<Duration> duration() {
            return this.duration;
        }

        /** Whether the thread that closed was interrupted when this bean was destroyed. */
        CompletableFuture<Boolean> interrupted() {
            return this.interrupted;
        }

        @Override
        public void destroy() {
            this.interrupted.complete(Thread.currentThread().isInterrupted());
        }
    }

    /** Closes on a thread of the server, or has others close. */
    @RestController
    static class Controller {

        private final Closing closing;

        private final Tasks tasks;

        Controller(Closing closing, Tasks tasks) {
            this.closing = closing;
            this.tasks = tasks;
        }

        @GetMapping("/close")
        String close() {
            this.closing.close();
            return "closed";
        }

        @GetMapping("/exit")
        String exit() {
            this.closing.exit();
            return "closed";
        }

        @GetMapping("/callable")
        Callable<String> callable() {
            return this::close;
        }

        @GetMapping("/streaming")
        StreamingResponseBody streaming() {
            return (output) -> close();
        }

        @GetMapping("/deferred")
        CompletableFuture<String> deferred() {
            return CompletableFuture.supplyAsync(this::close);
        }

        @GetMapping("/elastic")
        Mono<String> elastic() {
            return Mono.fromCallable(this::close).subscribeOn(Schedulers.boundedElastic());
        }

        @GetMapping("/scheduled")
        String scheduled() {
            this.closing.scheduled = true;
            return "closing";
        }

        @GetMapping("/async")
        String async() {
            this.tasks.async();
            return "closing";
        }
    }

    /** Closes on a thread of an executor or a scheduler. */
    static class Tasks {

        private final Closing closing;

        Tasks(Closing closing) {
            this.closing = closing;
        }

        @Scheduled(fixedDelay = 20)
        void scheduled() {
            if (this.closing.scheduled) {
                this.closing.scheduled = false;
                this.closing.exit();
            }
        }

        @Async
        void async() {
            this.closing.exit();
        }
    }
}
