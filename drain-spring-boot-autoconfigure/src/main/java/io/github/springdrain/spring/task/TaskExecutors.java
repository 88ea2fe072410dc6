// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring.task;

import io.github.springdrain.DrainParticipant;
import io.github.springdrain.spring.ClosingThread;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.scheduling.concurrent.ExecutorConfigurationSupport;

/**
 * The executors of the application, {@code @Async} methods included: tasks that run and tasks that wait for a thread
 * are waited for, by the executors' own counters. New tasks are accepted throughout, because requests that are still in
 * service may hand some on. Thread-safe.
 */
public final class TaskExecutors implements DrainParticipant {

    private static final Logger logger = LoggerFactory.getLogger(TaskExecutors.class);

    private final ConfigurableApplicationContext context;

    private final ExecutorBeans executors;

    private final SimpleAsyncTracking tracking;

    private final ClosingThread closingThread;

    private final Set<String> excluded;

    private volatile boolean looked;

    private volatile boolean forced;

    /**
     * Creates the participant of one context.
     *
     * @param excluded names of beans whose tasks are not waited for
     */
    public TaskExecutors(
            ConfigurableApplicationContext context,
            ExecutorBeans executors,
            SimpleAsyncTracking tracking,
            ClosingThread closingThread,
            Set<String> excluded) {
        this.context = context;
        this.executors = executors;
        this.tracking = tracking;
        this.closingThread = closingThread;
        this.excluded = Set.copyOf(excluded);
    }

    @Override
    public String name() {
        return "task executors";
    }

    /** The next drain looks again, for what has been registered without being created by the context. */
    @Override
    public void resume() {
        this.looked = false;
    }

    @Override
    public boolean isActive(Duration remaining) {
        return activeWork(remaining) > 0;
    }

    @Override
    public int activeWork(Duration remaining) {
        if (!this.looked) {
            look();
        }
        Map<Object, Integer> work = new LinkedHashMap<>();
        Map<String, TaskPool> pools = pools();
        Object closing = closing(pools);
        pools.values().forEach((pool) -> work.put(pool.identity(), tasks(pool, closing)));
        return work.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Interrupts the tasks if the context is closing. Otherwise the application may start it again, and an executor that was
     * shut down could not be: then it is done when the context closes.
     */
    @Override
    public void force() {
        this.forced = true;
        Map<String, Integer> left = new TreeMap<>();
        Map<String, TaskPool> pools = pools();
        Object closing = closing(pools);
        pools.forEach((name, pool) -> left.put(name, tasks(pool, closing)));
        left.values().removeIf((tasks) -> tasks == 0);
        logger.warn("Tasks left when the time was over, by executor: {}", left);
        if (this.context.isClosed()) {
            cancelForced();
        }
    }

    /**
     * Interrupts what a forced drain has left, and leaves the task that closes the context alone, so that the shutdown of
     * the application waits for neither.
     */
    public void drained() {
        if (this.forced) {
            cancelForced();
        }
        Map<String, TaskPool> pools = pools();
        Object closing = closing(pools);
        pools.forEach((name, pool) -> {
            if (pool.identity() == closing && tasks(pool, closing) == 0) {
                spareClosingTask(name, pool);
            }
        });
    }

    private void cancelForced() {
        Map<String, TaskPool> pools = pools();
        Object closing = closing(pools);
        pools.forEach((name, pool) -> {
            if (tasks(pool, closing) > 0) {
                cancel(name, pool);
            }
        });
    }

    private void spareClosingTask(String name, TaskPool pool) {
        if (this.context.getBean(name) instanceof ExecutorConfigurationSupport executor) {
            // Its lifecycle phase would wait for the task, which waits for the phase, and its end would interrupt it.
            executor.setAcceptTasksAfterContextClose(true);
            executor.setWaitForTasksToCompleteOnShutdown(true);
            executor.setAwaitTerminationMillis(0);
            if (pool.identity() instanceof ScheduledThreadPoolExecutor scheduled) {
                scheduled.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            }
        }
    }

    /** The pool that runs the task which closes the context; {@code null} where there is none, or more than one may be. */
    private @Nullable Object closing(Map<String, TaskPool> pools) {
        Thread thread = this.closingThread.get();
        if (thread == null) {
            return null;
        }
        Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());
        pools.values().stream().filter((pool) -> pool.runs(thread)).forEach((pool) -> found.add(pool.identity()));
        if (found.size() != 1) {
            return null;
        }
        this.closingThread.foundAtWork();
        return found.iterator().next();
    }

    private static int tasks(TaskPool pool, @Nullable Object closing) {
        return (pool.identity() == closing) ? Math.max(0, pool.tasks() - 1) : pool.tasks();
    }

    private void cancel(String name, TaskPool pool) {
        if (this.context.getBean(name) instanceof ExecutorConfigurationSupport executor) {
            if (waitsForTasks(executor)) {
                logger.info("Executor '{}' waits for its tasks when it is destroyed, as it is set to", name);
                return;
            }
            // Without this the context would wait for the tasks once more, for the timeout of its shutdown phase.
            executor.setAcceptTasksAfterContextClose(true);
        }
        pool.cancel();
    }

    private static boolean waitsForTasks(ExecutorConfigurationSupport executor) {
        try {
            return Boolean.TRUE.equals(
                    new DirectFieldAccessor(executor).getPropertyValue("waitForTasksToCompleteOnShutdown"));
        } catch (RuntimeException ex) {
            return false;
        }
    }

    private void look() {
        this.looked = true;
        this.executors.look();
    }

    private Map<String, TaskPool> pools() {
        ConfigurableListableBeanFactory beans = this.context.getBeanFactory();
        Map<String, TaskPool> pools = new LinkedHashMap<>();
        for (String name : this.executors.names()) {
            if (beans.containsSingleton(name) && !this.excluded.contains(name)) {
                TaskPool pool = TaskPool.of(beans.getBean(name), this.tracking);
                if (pool != null) {
                    pools.put(name, pool);
                }
            }
        }
        return pools;
    }
}
