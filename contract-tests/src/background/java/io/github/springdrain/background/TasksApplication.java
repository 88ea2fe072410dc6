package io.github.springdrain.background;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;

/** An application with scheduled and asynchronous work, and a streamed answer that hands on more of it. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableAsync
@EnableScheduling
class TasksApplication {

    @Bean
    HeldWork work() {
        return new HeldWork();
    }

    @Bean
    AsyncWork asyncWork(HeldWork work) {
        return new AsyncWork(work);
    }

    @Bean
    Ticks ticks(HeldWork work) {
        return new Ticks(work);
    }

    /** Has no pool, and no count of what it runs. */
    @Bean(defaultCandidate = false)
    SimpleAsyncTaskExecutor threadEach() {
        return new SimpleAsyncTaskExecutor("thread-each-");
    }

    @Bean
    StoppedEarly stoppedEarly() {
        return new StoppedEarly();
    }

    @Bean
    Stream stream(TaskScheduler taskScheduler) {
        return new Stream(taskScheduler);
    }

    @Bean
    RouterFunction<ServerResponse> routes(Stream stream) {
        return route().GET("/stream", (request) -> ServerResponse.ok().body(stream.lines(), String.class))
                .build();
    }

    /** Asynchronous methods, on Boot's executor and on one without a pool. */
    static class AsyncWork {

        private final HeldWork work;

        AsyncWork(HeldWork work) {
            this.work = work;
        }

        @Async("applicationTaskExecutor")
        void onThePool(String name) {
            this.work.run(name);
        }

        @Async("threadEach")
        void onAThreadOfItsOwn(String name) {
            this.work.run(name);
        }
    }

    /** One scheduled method that ends at once, and one that does not once it is told so. */
    static class Ticks {

        private final HeldWork work;

        private final AtomicInteger count = new AtomicInteger();

        private volatile boolean holding;

        Ticks(HeldWork work) {
            this.work = work;
        }

        @Scheduled(fixedRate = 10)
        void tick() {
            this.count.incrementAndGet();
        }

        @Scheduled(fixedDelay = 10)
        void hold() {
            if (this.holding) {
                this.work.run("scheduled");
            }
        }

        void holdNext() {
            this.holding = true;
        }

        int count() {
            return this.count.get();
        }
    }

    /** A streamed answer; each line that the test puts into it has a request in service hand on a task. */
    static class Stream {

        /** More than the server buffers, so that the answer has begun for the client. */
        private static final String FIRST = "x".repeat(16 * 1024);

        final BlockingQueue<FluxSink<String>> open = new LinkedBlockingQueue<>();

        final CountDownLatch ran = new CountDownLatch(1);

        private final TaskScheduler scheduler;

        Stream(TaskScheduler scheduler) {
            this.scheduler = scheduler;
        }

        Flux<String> lines() {
            return Flux.<String>create((sink) -> {
                        sink.next(FIRST);
                        this.open.add(sink);
                    })
                    .map((line) -> line.equals(FIRST) ? line : handOn());
        }

        private String handOn() {
            try {
                ScheduledFuture<?> unused = this.scheduler.schedule(this.ran::countDown, Instant.now());
                return "accepted";
            } catch (TaskRejectedException ex) {
                return "rejected";
            }
        }
    }

    /** Stops among the first: every listener has heard by then that the context closes. */
    static class StoppedEarly implements SmartLifecycle {

        final CountDownLatch stopped = new CountDownLatch(1);

        private volatile boolean running;

        @Override
        public void start() {
            this.running = true;
        }

        @Override
        public void stop() {
            this.running = false;
            this.stopped.countDown();
        }

        @Override
        public boolean isRunning() {
            return this.running;
        }
    }
}
