// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients that act at the same time, one thread each.
 *
 * @param <T> what each of them comes back with
 */
public final class ConcurrentClients<T> {

    private final String name;

    private final List<FutureTask<T>> tasks = new ArrayList<>();

    private ConcurrentClients(String name) {
        this.name = name;
    }

    /** Starts one thread for each of {@code actions}. */
    public static <T> ConcurrentClients<T> start(String name, List<? extends Callable<T>> actions) {
        ConcurrentClients<T> concurrent = new ConcurrentClients<>(name);
        actions.forEach(concurrent::add);
        return concurrent;
    }

    /** Starts one thread for each of {@code items}. */
    public static <S, T> ConcurrentClients<T> forEach(String name, List<S> items, Task<? super S, ? extends T> task) {
        ConcurrentClients<T> concurrent = new ConcurrentClients<>(name);
        items.forEach((item) -> concurrent.add(() -> task.call(item)));
        return concurrent;
    }

    /** Starts {@code size} threads that all do the same. */
    public static <T> ConcurrentClients<T> start(String name, int size, Callable<T> action) {
        ConcurrentClients<T> concurrent = new ConcurrentClients<>(name);
        for (int i = 0; i < size; i++) {
            concurrent.add(action);
        }
        return concurrent;
    }

    /**
     * Waits for all of them and returns what they came back with, in order.
     *
     * @throws AssertionError if one is not back after {@code limit}, or threw
     */
    public List<T> results(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        List<T> results = new ArrayList<>();
        for (FutureTask<T> task : this.tasks) {
            results.add(result(task, deadline, limit));
        }
        return results;
    }

    /** Whether all of them are back. */
    public boolean isDone() {
        return this.tasks.stream().allMatch(FutureTask::isDone);
    }

    private T result(FutureTask<T> task, long deadline, Duration limit) {
        try {
            return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException ex) {
            long back = this.tasks.stream().filter(FutureTask::isDone).count();
            throw new AssertionError(
                    "%s: only %d of %d back after %s".formatted(this.name, back, this.tasks.size(), limit), ex);
        } catch (ExecutionException ex) {
            throw new AssertionError(this.name + " failed: " + ex.getCause(), ex.getCause());
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    private void add(Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        this.tasks.add(task);
        Thread thread = new Thread(task, this.name + "-" + this.tasks.size());
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * What is done with one item.
     *
     * @param <S> the item's type
     * @param <T> what comes of it
     */
    public interface Task<S, T> {

        /** Does it. */
        T call(S item) throws Exception;
    }
}
