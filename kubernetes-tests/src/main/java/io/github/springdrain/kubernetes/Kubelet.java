// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.Command;
import io.github.springdrain.contract.Variant;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Starts and ends containers in the documented order: readiness probe; preStop hook, SIGTERM, grace period, SIGKILL.
 * The hook's time is part of the grace period, and a failed hook does not hold SIGTERM up
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination). Thread-safe.
 */
final class Kubelet {

    /** The numbers of the addresses that pods get, the longest unused first. */
    static final List<Integer> HOSTS = IntStream.rangeClosed(11, 18).boxed().toList();

    /** What Kubernetes gives a pod unless set otherwise. */
    static final Duration GRACE_PERIOD = Duration.ofSeconds(30);

    private static final Duration EXTRA_AFTER_HOOK = Duration.ofSeconds(2);

    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private static final Duration PROBE_PERIOD = Duration.ofMillis(300);

    private final Network network;

    private final BlockingQueue<Integer> hosts = new LinkedBlockingQueue<>(HOSTS);

    Kubelet(Network network) {
        this.network = network;
    }

    /** Starts a pod and waits until its readiness probe succeeds. */
    Pod start(Variant variant, Strategy strategy) {
        Pod pod = Pod.start(this.network, this.hosts.remove(), variant, strategy);
        long start = System.nanoTime();
        while (probe(pod) != 200) {
            if (!pod.isAlive() || System.nanoTime() - start > START_LIMIT.toNanos()) {
                String tail = pod.tail();
                remove(pod);
                throw new IllegalStateException("The pod did not become ready; its last lines:\n" + tail);
            }
            LockSupport.parkNanos(PROBE_PERIOD.toNanos());
        }
        return pod;
    }

    /** The status of the readiness probe; 0 without a response. */
    int probe(Pod pod) {
        String url = "http://%s:%d%s".formatted(pod.address(), Pod.MANAGEMENT_PORT, Pod.READINESS);
        String status = Command.run(
                        "ip",
                        "netns",
                        "exec",
                        this.network.node().name(),
                        "curl",
                        "-s",
                        "-o",
                        "/dev/null",
                        "-w",
                        "%{http_code}",
                        "--max-time",
                        "1",
                        url)
                .output();
        return Integer.parseInt(status);
    }

    /** Takes a pod's processes through their end; the pod keeps its address until {@link #remove}. */
    Termination terminate(Pod pod) {
        long start = System.nanoTime();
        Command.Result hook = Command.run(pod.strategy().preStop().command(pod, GRACE_PERIOD), GRACE_PERIOD);
        pod.terminate();
        Duration left = GRACE_PERIOD.minusNanos(System.nanoTime() - start);
        boolean ended = pod.awaitEnd(left.compareTo(EXTRA_AFTER_HOOK) > 0 ? left : EXTRA_AFTER_HOOK);
        String log = ended ? "" : pod.tail();
        return new Termination(hook, ended, Duration.ofNanos(System.nanoTime() - start), log);
    }

    /** Kills what still runs in the pod and takes its network away. */
    void remove(Pod pod) {
        pod.close();
        this.hosts.add(pod.host());
    }
}
