// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.autoconfigure.DrainTasksAutoConfiguration;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.testing.WebApplication;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** An application that is closed by one of the threads that a drain waits for. */
@Timeout(60)
class ClosingThreadTests {

    private static final Duration PROMPT = Duration.ofSeconds(3);

    private static final String CLIENT = "192.0.2.1:4711";

    private final WebApplication application = new WebApplication();

    private final CompletableFuture<Boolean> interruptedAtDestruction = new CompletableFuture<>();

    private final CompletableFuture<Duration> closed = new CompletableFuture<>();

    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void closeContext() {
        this.release.countDown();
        this.application.abandon();
    }

    @Test
    void theRequestThatClosesIsNeitherWaitedForNorAborted() {
        DrainEngine drain = start();
        ConnectionSnapshot own = request("exec-7");
        closeOn("exec-7");
        assertThat(this.closed).succeedsWithin(30, TimeUnit.SECONDS).satisfies(ClosingThreadTests::isPrompt);
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(this.application.server().connections()).containsExactly(own);
        assertThat(this.application.story()).doesNotContain("abort");
    }

    @Test
    void theRequestWhoseWorkClosesOnAThreadOfTheApplicationIsNeitherWaitedForNorAborted() {
        this.application.context().registerBean(RequestOfThread.class, () -> () -> CLIENT);
        DrainEngine drain = start();
        ConnectionSnapshot own = open(CLIENT, requestOn(null));
        closeOn("task-7");
        assertThat(this.closed).succeedsWithin(30, TimeUnit.SECONDS).satisfies(ClosingThreadTests::isPrompt);
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(this.application.server().connections()).containsExactly(own);
        assertThat(this.application.story()).doesNotContain("abort");
    }

    @Test
    void otherRequestsWithoutAThreadAreWaitedForMeanwhile() {
        this.application.context().registerBean(RequestOfThread.class, () -> () -> CLIENT);
        DrainEngine drain = start();
        ConnectionSnapshot streams = open(CLIENT, requestOn(null), requestOn(null));
        ConnectionSnapshot other = open("192.0.2.1:4712", requestOn(null));
        closeOn("task-7");
        Awaitility.await().until(() -> drain.phase() == DrainPhase.FINISHING);
        this.application.server().close(streams);
        ConnectionSnapshot own = open(CLIENT, requestOn(null));
        assertThat(this.closed).isNotDone();
        this.application.server().close(other);
        assertThat(this.closed).succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(this.application.server().connections()).containsExactly(own);
    }

    @Test
    void everyRequestIsWaitedForWhereItCannotBeSaidWhichOneTheThreadServes() {
        this.application.with("server.drain.timeout=1s");
        this.application.context().registerBean(RequestOfThread.class, () -> () -> {
            throw new IllegalStateException("unknown");
        });
        DrainEngine drain = start();
        open(CLIENT, requestOn(null));
        closeOn("task-7");
        assertThat(this.closed).succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.FORCED);
    }

    @Test
    void otherRequestsAreWaitedForMeanwhile() {
        DrainEngine drain = start();
        request("exec-7");
        ConnectionSnapshot other = request("exec-8");
        closeOn("exec-7");
        Awaitility.await().until(() -> drain.phase() == DrainPhase.FINISHING);
        assertThat(this.closed).isNotDone();
        this.application.server().close(other);
        assertThat(this.closed).succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    @Test
    void theRequestThatClosesIsSparedWhereOthersAreAborted() {
        this.application.with("server.drain.timeout=1s");
        start();
        ConnectionSnapshot own = request("exec-7");
        request("exec-8");
        closeOn("exec-7");
        assertThat(this.closed).succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(this.application.server().connections()).containsExactly(own);
    }

    @Test
    void aRequestOfAThreadWithoutANameIsNotTakenForTheOneThatCloses() {
        this.application.with("server.drain.timeout=1s");
        DrainEngine drain = start();
        request("");
        closeOn("");
        assertThat(this.closed).succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.FORCED);
    }

    @Test
    void anInterruptFromTheServerThatStopsIsNotSeenWhenBeansAreDestroyed() {
        this.application.context().registerBean(InterruptingServer.class);
        start();
        request("exec-7");
        closeOn("exec-7");
        assertThat(this.interruptedAtDestruction)
                .succeedsWithin(30, TimeUnit.SECONDS)
                .isEqualTo(false);
    }

    @Test
    void anInterruptOfAThreadThatIsNoWorkerIsKept() {
        this.application.context().registerBean(InterruptingServer.class);
        start();
        closeOn("main");
        assertThat(this.interruptedAtDestruction)
                .succeedsWithin(30, TimeUnit.SECONDS)
                .isEqualTo(true);
    }

    @Test
    void theScheduledTaskThatClosesIsNeitherWaitedForNorInterrupted() {
        DrainEngine drain = start(DrainTasksAutoConfiguration.class, SchedulingConfiguration.class);
        this.application.context().getBean(Closer.class).action.set(() -> close(this.application.context()));
        assertThat(this.closed).succeedsWithin(30, TimeUnit.SECONDS).satisfies(ClosingThreadTests::isPrompt);
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(this.interruptedAtDestruction).isCompletedWithValue(false);
        Awaitility.await().until(() -> isTerminated("scheduler"));
    }

    @Test
    void theAsynchronousTaskThatClosesIsNeitherWaitedForNorInterrupted() {
        DrainEngine drain = start(DrainTasksAutoConfiguration.class, SchedulingConfiguration.class);
        executor().execute(() -> close(this.application.context()));
        assertThat(this.closed).succeedsWithin(30, TimeUnit.SECONDS).satisfies(ClosingThreadTests::isPrompt);
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
        assertThat(this.interruptedAtDestruction).isCompletedWithValue(false);
        Awaitility.await().until(() -> isTerminated("executor"));
    }

    @Test
    void otherTasksOfTheSameExecutorAreWaitedFor() {
        DrainEngine drain = start(DrainTasksAutoConfiguration.class, SchedulingConfiguration.class);
        executor().execute(() -> {
            try {
                this.release.await();
            } catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        });
        executor().execute(() -> close(this.application.context()));
        Awaitility.await().until(() -> drain.phase() == DrainPhase.FINISHING);
        assertThat(this.closed).isNotDone();
        this.release.countDown();
        assertThat(this.closed).succeedsWithin(30, TimeUnit.SECONDS);
        assertThat(report(drain).outcome()).isEqualTo(DrainReport.Outcome.GRACEFUL);
    }

    private ThreadPoolTaskExecutor executor() {
        return this.application.context().getBean("executor", ThreadPoolTaskExecutor.class);
    }

    private boolean isTerminated(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch((thread) -> thread.getName().startsWith("closing-" + prefix));
    }

    private ConnectionSnapshot request(String thread) {
        return open(CLIENT, requestOn(thread));
    }

    private ConnectionSnapshot open(String remote, RequestSnapshot... requests) {
        return this.application
                .server()
                .open(new ConnectionSnapshot(ConnectionState.IN_SERVICE, remote, "HTTP/1.1", List.of(requests)));
    }

    private static RequestSnapshot requestOn(@Nullable String thread) {
        return new RequestSnapshot("POST", "/close", Duration.ZERO, 0, 0, thread);
    }

    private void closeOn(String name) {
        new Thread(() -> close(this.application.context()), name).start();
    }

    private void close(ConfigurableApplicationContext context) {
        long start = System.nanoTime();
        context.close();
        this.closed.complete(Duration.ofNanos(System.nanoTime() - start));
    }

    private static void isPrompt(Duration closing) {
        assertThat(closing).isLessThan(PROMPT);
    }

    private DrainEngine start(Class<?>... configurations) {
        this.application
                .context()
                .registerBean(
                        "destroyed",
                        DisposableBean.class,
                        () -> () -> this.interruptedAtDestruction.complete(
                                Thread.currentThread().isInterrupted()));
        return this.application.start(configurations);
    }

    private static DrainReport report(DrainEngine drain) {
        return Objects.requireNonNull(drain.status().report());
    }

    /** Interrupts the thread on which it stops, as the pool of a web server interrupts its threads. */
    static final class InterruptingServer implements SmartLifecycle {

        private volatile boolean running;

        @Override
        public void start() {
            this.running = true;
        }

        @Override
        public void stop() {
            this.running = false;
            Thread.currentThread().interrupt();
        }

        @Override
        public boolean isRunning() {
            return this.running;
        }

        @Override
        public int getPhase() {
            return DEFAULT_PHASE - 2048;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableScheduling
    static class SchedulingConfiguration {

        @Bean
        Closer closer() {
            return new Closer();
        }

        @Bean
        ThreadPoolTaskScheduler scheduler() {
            ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
            scheduler.setThreadNamePrefix("closing-scheduler-");
            return scheduler;
        }

        @Bean
        ThreadPoolTaskExecutor executor() {
            ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
            executor.setThreadNamePrefix("closing-executor-");
            executor.setCorePoolSize(2);
            return executor;
        }
    }

    /** Runs its action once, from a scheduled method. */
    static class Closer {

        final AtomicReference<Runnable> action = new AtomicReference<>(() -> {});

        @Scheduled(fixedDelay = 10)
        void run() {
            this.action.getAndSet(() -> {}).run();
        }
    }
}
