// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.background;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.AsyncTaskExecutor;
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

/** An application with scheduled and asynchronous work, and a streamed response that hands on more of it. */
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
    Stream stream(
            TaskScheduler taskScheduler,
            @Qualifier("applicationTaskExecutor") AsyncTaskExecutor applicationTaskExecutor,
            AsyncWork asyncWork) {
        return new Stream(taskScheduler, applicationTaskExecutor, asyncWork);
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

        @Async("applicationTaskExecutor")
        void handedOn(Runnable task) {
            task.run();
        }

        @Async("threadEach")
        void onAThreadOfItsOwn(String name) {
            this.work.run(name);
        }
    }

    /** One scheduled method that ends at once, and one that does not once it is asked not to. */
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

    /**
     * A streamed response; for each line that the test puts into it a request in service hands on a task, in that way.
     */
    static class Stream {

        static final String SCHEDULER = "scheduler";

        static final String EXECUTOR = "executor";

        static final String ASYNC = "async";

        /** More than the server buffers, so that the response has begun for the client. */
        private static final String FIRST = "x".repeat(16 * 1024);

        volatile @Nullable FluxSink<String> sink;

        final List<String> ran = new CopyOnWriteArrayList<>();

        private final TaskScheduler scheduler;

        private final Executor executor;

        private final AsyncWork asyncWork;

        Stream(TaskScheduler scheduler, Executor executor, AsyncWork asyncWork) {
            this.scheduler = scheduler;
            this.executor = executor;
            this.asyncWork = asyncWork;
        }

        Flux<String> lines() {
            return Flux.<String>create((newSink) -> {
                        newSink.next(FIRST);
                        this.sink = newSink;
                    })
                    .map((line) -> line.equals(FIRST) ? line : handOn(line));
        }

        private String handOn(String way) {
            try {
                Runnable task = () -> this.ran.add(way);
                switch (way) {
                    case SCHEDULER -> {
                        ScheduledFuture<?> unused = this.scheduler.schedule(task, Instant.now());
                    }
                    case EXECUTOR -> this.executor.execute(task);
                    default -> this.asyncWork.handedOn(task);
                }
                return " accepted";
            } catch (TaskRejectedException ex) {
                return " rejected";
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
