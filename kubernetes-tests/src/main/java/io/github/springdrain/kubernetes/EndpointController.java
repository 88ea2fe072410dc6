// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Updates the data path with the pods that are ready. It adds a pod at once and removes a deleted one only after a lag,
 * as the endpoint slices, their watchers and kube-proxy of a real cluster do together. Thread-safe.
 */
final class EndpointController implements AutoCloseable {

    private static final Duration SHORTEST_LAG = Duration.ofSeconds(1);

    private static final Duration LONGEST_LAG = Duration.ofSeconds(2);

    private final DataPath path;

    private final List<String> ready = new ArrayList<>();

    private final ScheduledExecutorService worker =
            Executors.newSingleThreadScheduledExecutor((task) -> new Thread(task, "endpoint-controller"));

    EndpointController(DataPath path) {
        this.path = path;
    }

    /** Adds a pod; done when it gets connections. */
    CompletableFuture<Void> add(Pod pod) {
        return CompletableFuture.runAsync(
                () -> {
                    this.ready.add(pod.address());
                    this.path.route(this.ready);
                },
                this.worker);
    }

    /** Removes a pod after the lag; done when it gets no more connections. */
    CompletableFuture<Void> remove(Pod pod) {
        long lag = ThreadLocalRandom.current().nextLong(SHORTEST_LAG.toMillis(), LONGEST_LAG.toMillis());
        CompletableFuture<Void> removed = new CompletableFuture<>();
        var unused = this.worker.schedule(() -> removeNow(pod, removed), lag, TimeUnit.MILLISECONDS);
        return removed;
    }

    private void removeNow(Pod pod, CompletableFuture<Void> removed) {
        try {
            this.ready.remove(pod.address());
            this.path.route(this.ready);
            removed.complete(null);
        } catch (RuntimeException ex) {
            removed.completeExceptionally(ex);
        }
    }

    @Override
    public void close() {
        this.worker.shutdownNow();
    }
}
