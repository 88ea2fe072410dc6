// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.spring.ClosingThread;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ConcurrentTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** How busy executors are, by their own counters or by the starter's. */
@Timeout(60)
class TaskExecutorsTest {

    private static final Duration TIME = Duration.ofSeconds(25);

    private static final ClosingThread NOBODY = new ClosingThread(new DrainEngine(DrainSettings.DEFAULTS), () -> null);

    private final CountingBeanFactory beans = new CountingBeanFactory();

    private final GenericApplicationContext context = new GenericApplicationContext(this.beans);

    private final ExecutorBeans executors = new ExecutorBeans();

    private final SimpleAsyncTracking tracking = new SimpleAsyncTracking();

    private final CountDownLatch release = new CountDownLatch(1);

    private final AtomicInteger interrupted = new AtomicInteger();

    private static ThreadPoolExecutor single() {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    }

    private static Executor executor(String kind) {
        return switch (kind) {
            case "ThreadPoolTaskExecutor" -> {
                ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
                executor.setCorePoolSize(1);
                yield executor;
            }
            case "ThreadPoolTaskScheduler" -> new ThreadPoolTaskScheduler();
            case "ConcurrentTaskExecutor" -> new ConcurrentTaskExecutor(single());
            case "ThreadPoolExecutor" -> single();
            case "ForkJoinPool" -> new ForkJoinPool(1);
            case "SimpleAsyncTaskExecutor" -> {
                SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
                executor.setTaskDecorator((task) -> task);
                yield executor;
            }
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private TaskExecutors participant(Executor executor, String... excluded) {
        this.executors.setBeanFactory(this.beans);
        this.beans.addBeanPostProcessor(this.executors);
        this.beans.addBeanPostProcessor(this.tracking);
        this.context.registerBean("tasks", Executor.class, () -> executor);
        this.context.refresh();
        return new TaskExecutors(this.context, this.executors, this.tracking, NOBODY, Set.of(excluded));
    }

    private void block() {
        try {
            this.release.await();
        } catch (InterruptedException ex) {
            this.interrupted.incrementAndGet();
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        this.release.countDown();
        this.context.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ThreadPoolTaskExecutor",
                "ThreadPoolTaskScheduler",
                "ConcurrentTaskExecutor",
                "ThreadPoolExecutor",
                "ForkJoinPool",
                "SimpleAsyncTaskExecutor"
            })
    void countsWhatRunsAndWhatWaitsUntilItHasEnded(String kind) {
        Executor executor = executor(kind);
        TaskExecutors participant = participant(executor);
        assertThat(participant.isActive(TIME)).isFalse();
        executor.execute(this::block);
        executor.execute(this::block);
        // A thread that is just starting may count as one more.
        assertThat(participant.activeWork(TIME)).isGreaterThanOrEqualTo(2);
        Awaitility.await().until(() -> participant.activeWork(TIME) == 2);
        this.release.countDown();
        Awaitility.await().until(() -> !participant.isActive(TIME));
    }

    @Test
    void leavesOutWhatIsExcludedAndWhatDoesNotTell() {
        Executor executor = executor("ThreadPoolExecutor");
        this.context.registerBean("opaque", Executor.class, () -> Executors.newSingleThreadExecutor());
        TaskExecutors participant = participant(executor, "tasks");
        executor.execute(this::block);
        this.context.getBean("opaque", Executor.class).execute(this::block);
        assertThat(participant.isActive(TIME)).isFalse();
    }

    @Test
    void countsAnExecutorWithTwoNamesOnce() {
        ThreadPoolExecutor executor = single();
        this.context.registerBean("wrapper", Executor.class, () -> new ConcurrentTaskExecutor(executor));
        TaskExecutors participant = participant(executor);
        executor.execute(this::block);
        assertThat(participant.activeWork(TIME)).isEqualTo(1);
    }

    @Test
    void doesNotCountWhatIsScheduledForLater() {
        ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
        TaskExecutors participant = participant(scheduler);
        var unused =
                scheduler.schedule(this::block, scheduler.getClock().instant().plusSeconds(60));
        Awaitility.await().until(() -> !participant.isActive(TIME));
    }

    @Test
    void interruptsNothingWhileTheContextIsOpen() {
        ThreadPoolTaskExecutor executor = (ThreadPoolTaskExecutor) executor("ThreadPoolTaskExecutor");
        TaskExecutors participant = participant(executor);
        executor.execute(this::block);
        participant.force();
        assertThat(executor.getThreadPoolExecutor().isShutdown()).isFalse();
        participant.drained();
        Awaitility.await().until(() -> this.interrupted.get() == 1);
    }

    @Test
    void leavesATaskToAnExecutorThatIsSetToWaitForIt() {
        ThreadPoolTaskExecutor executor = (ThreadPoolTaskExecutor) executor("ThreadPoolTaskExecutor");
        executor.setWaitForTasksToCompleteOnShutdown(true);
        TaskExecutors participant = participant(executor);
        executor.execute(this::block);
        participant.force();
        participant.drained();
        assertThat(executor.getThreadPoolExecutor().isShutdown()).isFalse();
    }

    @Test
    void looksThroughAllBeansOnceInADrain() {
        TaskExecutors participant = participant(executor("ThreadPoolExecutor"));
        int before = this.beans.looks.get();
        participant.activeWork(TIME);
        participant.prepare(TIME);
        for (int tick = 0; tick < 100; tick++) {
            assertThat(participant.isActive(TIME)).isFalse();
        }
        assertThat(this.beans.looks.get() - before).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void waitsForAnExecutorThatIsCreatedDuringTheDrain(boolean definedBefore) {
        if (definedBefore) {
            this.context.registerBean(
                    "late", Executor.class, () -> single(), (definition) -> definition.setLazyInit(true));
        }
        TaskExecutors participant = participant(executor("ThreadPoolExecutor"));
        assertThat(participant.isActive(TIME)).isFalse();
        if (!definedBefore) {
            this.context.registerBean("late", Executor.class, () -> single());
        }
        this.context.getBean("late", Executor.class).execute(this::block);
        Awaitility.await().until(() -> participant.isActive(TIME));
    }

    @Test
    void waitsInTheNextDrainForAnExecutorThatTheApplicationHasRegisteredItself() {
        TaskExecutors participant = participant(executor("ThreadPoolExecutor"));
        assertThat(participant.isActive(TIME)).isFalse();
        participant.resume();
        ThreadPoolExecutor own = single();
        this.beans.registerSingleton("own", own);
        own.execute(this::block);
        Awaitility.await().until(() -> participant.isActive(TIME));
    }

    @Test
    void doesNotWaitWithoutBoundForATaskThatWasCountedAndThenRejected() {
        RunningTasks tasks = new RunningTasks();
        Runnable unused = tasks.counted(() -> {});
        assertThat(tasks.count()).isOne();
        Awaitility.await().until(() -> tasks.count() == 0);
    }

    /** Counts how often all of its definitions are looked through for executors. */
    private static final class CountingBeanFactory extends DefaultListableBeanFactory {

        private final AtomicInteger looks = new AtomicInteger();

        @Override
        public String[] getBeanNamesForType(
                @Nullable Class<?> type, boolean includeNonSingletons, boolean allowEagerInit) {
            if (type == Executor.class) {
                this.looks.incrementAndGet();
            }
            return super.getBeanNamesForType(type, includeNonSingletons, allowEagerInit);
        }
    }
}
