// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.springdrain.cluster.load.Tally;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A namespace of its own with the sample in it, the load on it and the records of both; gone when closed. */
final class Site implements AutoCloseable {

    /** The name of everything in the manifests. */
    static final String NAME = "sample";

    /** The label of the sample's pods. */
    static final Map<String, String> LABELS = Map.of("app.kubernetes.io/name", NAME);

    private static final Duration ROLL_LIMIT = Duration.ofMinutes(8);

    private static final Duration GONE_LIMIT = Duration.ofMinutes(3);

    private static final Duration TOLD_LIMIT = Duration.ofSeconds(15);

    private final KubernetesClient client;

    private final String namespace;

    private final Recorder recorder;

    private final Scraper scraper;

    private @Nullable LoadPods load;

    private int deployed;

    private Site(KubernetesClient client, String namespace, Recorder recorder) {
        this.client = client;
        this.namespace = namespace;
        this.recorder = recorder;
        this.scraper = Scraper.start(client, namespace, recorder::deleted);
    }

    /** Makes one, with the Service and the PodDisruptionBudget. */
    static Site open(KubernetesClient client, Manifests manifests) {
        String namespace = "drain-" + Long.toString(System.currentTimeMillis() / 1000, 36);
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        Site site = new Site(client, namespace, Recorder.start(client, namespace));
        client.services().inNamespace(namespace).resource(manifests.service()).create();
        client.policy()
                .v1()
                .podDisruptionBudget()
                .inNamespace(namespace)
                .resource(manifests.budget())
                .create();
        return site;
    }

    /** Its namespace. */
    String namespace() {
        return this.namespace;
    }

    /** The client of its cluster. */
    KubernetesClient client() {
        return this.client;
    }

    /** What the API and the logs said. */
    Recorder recorder() {
        return this.recorder;
    }

    /** What was scraped of deleted pods. */
    Scraper scraper() {
        return this.scraper;
    }

    /** Starts the load; something has to serve it. */
    void startLoad(String image, int factor) {
        Service service = this.client
                .services()
                .inNamespace(this.namespace)
                .withName(NAME)
                .get();
        this.load = LoadPods.start(
                this.client, this.namespace, image, service.getSpec().getClusterIP(), factor);
    }

    /** Lets only pods in that satisfy a Pod Security level; {@code privileged} lets all in. */
    void enforce(String level) {
        this.client
                .namespaces()
                .withName(this.namespace)
                .edit((current) -> new NamespaceBuilder(current)
                        .editMetadata()
                        .addToLabels("pod-security.kubernetes.io/enforce", level)
                        .endMetadata()
                        .build());
    }

    /** Wants a Deployment in place of what is there; new pods even if nothing about them differs. */
    void deploy(Deployment deployment) {
        this.deployed++;
        Manifests.restart(deployment, Integer.toString(this.deployed));
        deployment.getMetadata().setNamespace(this.namespace);
        this.client.resource(deployment).forceConflicts().serverSideApply();
    }

    /** Wants so many pods. */
    void scale(int replicas) {
        this.client
                .apps()
                .deployments()
                .inNamespace(this.namespace)
                .withName(NAME)
                .scale(replicas);
    }

    /** Waits until what is wanted is there and nothing else. */
    void awaitDone() {
        Poll.until("the Deployment is rolled out", ROLL_LIMIT, this::describe, this::isDone);
    }

    /** The sample's pods, those that are deleted and not gone included. */
    List<Pod> pods() {
        return this.client
                .pods()
                .inNamespace(this.namespace)
                .withLabels(LABELS)
                .list()
                .getItems();
    }

    /** Does something under load and waits until the requests are over that were under way at its end. */
    Measurement measure(String title, Runnable action) {
        LoadPods current = Objects.requireNonNull(this.load);
        Tally before = current.tally();
        current.awaitServed(before);
        before = current.tally();
        List<String> pods =
                pods().stream().map((pod) -> pod.getMetadata().getName()).toList();
        long from = System.currentTimeMillis();
        action.run();
        current.settle();
        long to = System.currentTimeMillis();
        List<String> stay =
                pods().stream().map((pod) -> pod.getMetadata().getName()).toList();
        Map<String, Optional<Recorder.Ending>> endings = new LinkedHashMap<>();
        for (String pod : pods) {
            if (!stay.contains(pod)) {
                // The API tells its watchers later than those who ask.
                Poll.holds(TOLD_LIMIT, () -> this.recorder.isGone(pod));
                endings.put(pod, this.recorder.ending(pod));
            }
        }
        Timeline timeline =
                new Timeline(title, from, to, this.recorder.history().between(from, to), current.failures(from, to));
        return new Measurement(current.tally().since(before), timeline, endings);
    }

    /** Whether what is wanted is there and nothing else. */
    boolean isDone() {
        Deployment deployment = this.client
                .apps()
                .deployments()
                .inNamespace(this.namespace)
                .withName(NAME)
                .get();
        int wanted = deployment.getSpec().getReplicas();
        DeploymentStatus status = deployment.getStatus();
        return Objects.equals(
                        status.getObservedGeneration(), deployment.getMetadata().getGeneration())
                && number(status.getUpdatedReplicas()) == wanted
                && number(status.getReplicas()) == wanted
                && number(status.getAvailableReplicas()) == wanted
                && pods().size() == wanted;
    }

    private static int number(@Nullable Integer number) {
        return (number != null) ? number : 0;
    }

    private String describe() {
        return pods().stream()
                .map((pod) -> pod.getMetadata().getName() + " "
                        + this.recorder
                                .history()
                                .now(pod.getMetadata().getName(), Recorder.POD)
                                .orElse("?"))
                .collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        this.scraper.close();
        this.recorder.close();
        this.client.namespaces().withName(this.namespace).delete();
        Poll.until(
                "the namespace " + this.namespace + " is gone",
                GONE_LIMIT,
                () -> "delete it by hand",
                () -> this.client.namespaces().withName(this.namespace).get() == null);
    }

    /**
     * What happened meanwhile.
     *
     * @param tally what requests came to
     * @param timeline the picture
     * @param endings how the pods ended that were there before and are gone, as far as the API showed it
     */
    record Measurement(Tally tally, Timeline timeline, Map<String, Optional<Recorder.Ending>> endings) {}
}
