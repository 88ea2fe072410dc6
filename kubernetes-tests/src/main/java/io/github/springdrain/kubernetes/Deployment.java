// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Some replicas of the sample application, rolled over as a Deployment with {@code maxSurge: 1} and {@code
 * maxUnavailable: 0} is: one more pod is started, and when it is ready an old one is deleted, without waiting for its
 * end. Used by one thread.
 */
final class Deployment implements AutoCloseable {

    private final Variant variant;

    private final Kubelet kubelet;

    private final EndpointController endpoints;

    private final ExecutorService workers = Executors.newCachedThreadPool((task) -> new Thread(task, "deployment"));

    private final List<Pod> pods = new ArrayList<>();

    private final Queue<Pod> started = new ConcurrentLinkedQueue<>();

    Deployment(Variant variant, Kubelet kubelet, EndpointController endpoints) {
        this.variant = variant;
        this.kubelet = kubelet;
        this.endpoints = endpoints;
    }

    /** Starts one pod of each strategy, all at the same time, and waits until they are ready. */
    void start(List<Strategy> strategies) {
        List<CompletableFuture<Pod>> starting = strategies.stream()
                .map((strategy) -> CompletableFuture.supplyAsync(() -> startPod(strategy), this.workers))
                .toList();
        starting.forEach((pod) -> this.pods.add(pod.join()));
    }

    /** Replaces every pod, and returns how the old ones ended. */
    List<Termination> roll(List<Strategy> strategies) {
        List<CompletableFuture<Termination>> ends = new ArrayList<>();
        for (Strategy strategy : strategies) {
            this.pods.add(startPod(strategy));
            ends.add(delete(this.pods.remove(0)));
        }
        return ends.stream().map(CompletableFuture::join).toList();
    }

    /** Deletes the oldest pods, one after the other, and returns how they ended. */
    List<Termination> scaleIn(int count) {
        List<Termination> ends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ends.add(delete(this.pods.remove(0)).join());
        }
        return ends;
    }

    private Pod startPod(Strategy strategy) {
        Pod pod = this.kubelet.start(this.variant, strategy);
        this.started.add(pod);
        this.endpoints.add(pod).join();
        return pod;
    }

    /** The kubelet and the endpoint controller learn of a deletion at the same time, and neither waits for the other. */
    private CompletableFuture<Termination> delete(Pod pod) {
        CompletableFuture<Void> unrouted = this.endpoints.remove(pod);
        return CompletableFuture.supplyAsync(() -> this.kubelet.terminate(pod), this.workers)
                .thenCombine(unrouted, (termination, nothing) -> termination)
                .thenApply((termination) -> {
                    this.started.remove(pod);
                    this.kubelet.remove(pod);
                    return termination;
                });
    }

    @Override
    public void close() {
        this.workers.shutdownNow();
        this.started.forEach(Pod::close);
    }
}
