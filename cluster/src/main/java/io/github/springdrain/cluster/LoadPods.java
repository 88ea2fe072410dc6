// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.springdrain.cluster.load.ClientKind;
import io.github.springdrain.cluster.load.FailedLine;
import io.github.springdrain.cluster.load.LoadLine;
import io.github.springdrain.cluster.load.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Pods that make steady load from inside the cluster. Used by one thread. */
final class LoadPods {

    /** Longer than all scenarios take together: nothing goes on for ever if nobody ends it. */
    private static final Duration TIME = Duration.ofHours(3);

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final List<Generator> generators;

    private LoadPods(List<Generator> generators) {
        this.generators = generators;
    }

    /** Starts them, and waits until some requests of each kind of client have been served. */
    static LoadPods start(KubernetesClient client, String namespace, String image, String address, int factor) {
        List<Generator> generators = new ArrayList<>();
        for (int i = 0; i < factor; i++) {
            Pod pod = pod("load-" + i, image, address);
            client.pods().inNamespace(namespace).resource(pod).create();
            generators.add(new Generator(pod.getMetadata().getName()));
        }
        for (Generator generator : generators) {
            Poll.until(
                    generator.name + " runs",
                    LIMIT,
                    () -> client.pods()
                            .inNamespace(namespace)
                            .withName(generator.name)
                            .get()
                            .getStatus(),
                    () -> "Running"
                            .equals(client.pods()
                                    .inNamespace(namespace)
                                    .withName(generator.name)
                                    .get()
                                    .getStatus()
                                    .getPhase()));
            LogLines.follow(
                    generator.name,
                    () -> client.pods()
                            .inNamespace(namespace)
                            .withName(generator.name)
                            .getLog(),
                    generator::accept,
                    () -> generator.ended = true);
        }
        LoadPods pods = new LoadPods(generators);
        pods.awaitServed(Tally.NONE);
        return pods;
    }

    /** Waits until every kind of client has been served since {@code before}. */
    void awaitServed(Tally before) {
        Poll.until(
                "every kind of client is served",
                LIMIT,
                () -> tally().since(before),
                () -> Stream.of(ClientKind.values())
                        .allMatch((kind) -> tally().since(before).served(kind) > 0));
    }

    /** What all requests so far came to. */
    Tally tally() {
        return this.generators.stream().map(Generator::tally).reduce(Tally.NONE, Tally::plus);
    }

    /** Waits until every request is over that is under way now. */
    void settle() {
        for (Generator generator : this.generators) {
            long mark = generator.now();
            Poll.until(
                    "the requests of " + generator.name + " are over",
                    LIMIT,
                    generator::describe,
                    () -> generator.settles(mark));
        }
    }

    /** The failures that ended between two moments. */
    List<FailedLine> failures(long from, long to) {
        return this.generators.stream()
                .flatMap((generator) -> generator.failures.stream())
                .filter((failure) -> failure.endedMillis() >= from && failure.endedMillis() <= to)
                .toList();
    }

    private static Pod pod(String name, String image, String address) {
        // It satisfies the Pod Security level "restricted", so that it runs in any namespace.
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("app.kubernetes.io/name", "load")
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withTerminationGracePeriodSeconds(30L)
                .withAutomountServiceAccountToken(false)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .addNewContainer()
                .withName("load")
                .withImage(image)
                .withArgs(address, "80", "1", Long.toString(TIME.toSeconds()))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
    }

    /** One pod of them; its lines come on another thread. */
    private static final class Generator {

        private final String name;

        private final List<FailedLine> failures = new CopyOnWriteArrayList<>();

        private volatile @Nullable LoadLine line;

        private volatile boolean ended;

        Generator(String name) {
            this.name = name;
        }

        void accept(String text) {
            LoadLine.parse(text).ifPresent((parsed) -> this.line = parsed);
            FailedLine.parse(text).ifPresent(this.failures::add);
        }

        Tally tally() {
            LoadLine current = this.line;
            return (current != null) ? current.tally() : Tally.NONE;
        }

        long now() {
            LoadLine current = this.line;
            return (current != null) ? current.atMillis() : 0;
        }

        boolean settles(long mark) {
            LoadLine current = this.line;
            if (this.ended) {
                throw new IllegalStateException("The log of " + this.name + " has ended");
            }
            return current != null && current.settles(mark);
        }

        String describe() {
            LoadLine current = this.line;
            return (current == null) ? "no line" : "the oldest is %d ms old".formatted(current.oldestMillis());
        }
    }
}
