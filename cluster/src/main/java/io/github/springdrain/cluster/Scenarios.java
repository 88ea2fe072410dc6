// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStrategy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Does to the pods of one site what the scenarios say. Used by one thread. */
final class Scenarios {

    private static final int REPLICAS = 3;

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final Pattern GATE = Pattern.compile("\"level\"\\s*:\\s*\"([A-Z_]+)\"");

    private final Site site;

    private final Manifests manifests;

    private final Settings settings;

    private final Function<String, String> images;

    private final Consumer<Result> results;

    /**
     * Ones on {@code site}.
     *
     * @param images has the name of the sample's image for each JDK
     * @param results is told of each result
     */
    Scenarios(
            Site site,
            Manifests manifests,
            Settings settings,
            Function<String, String> images,
            Consumer<Result> results) {
        this.site = site;
        this.manifests = manifests;
        this.settings = settings;
        this.images = images;
        this.results = results;
    }

    /** Makes the pods that the load begins with. */
    void begin() {
        this.site.deploy(deployment(this.settings.strategies().get(0)));
        this.site.awaitDone();
    }

    /** Runs one. */
    void run(Scenario scenario) {
        switch (scenario) {
            case ROLLING_UPDATE -> rollingUpdate(scenario, UnaryOperator.identity());
            case SCALE_DOWN -> scaleDown();
            case EVICTION -> eviction();
            case RECREATE -> recreate();
            case SHORT_GRACE -> deletion(scenario, 1);
            case FORCED -> deletion(scenario, 0);
            case RESTART -> restart();
            case FAILED_START -> failedStart();
            case THROTTLED -> rollingUpdate(scenario, (deployment) -> Manifests.limited(deployment, "cpu", "500m"));
            case LOW_MEMORY ->
                rollingUpdate(scenario, (deployment) -> Manifests.limited(deployment, "memory", "256Mi"));
            case HARDENED -> hardened();
        }
    }

    /** Each strategy's pods are replaced by those of the next one. */
    private void rollingUpdate(Scenario scenario, UnaryOperator<Deployment> change) {
        List<Strategy> strategies = this.settings.strategies();
        prepare(change.apply(deployment(strategies.get(0))));
        for (int round = 1; round <= this.settings.rounds(); round++) {
            for (int i = 0; i < strategies.size(); i++) {
                Strategy next = strategies.get((i + 1) % strategies.size());
                Run run = run(scenario, strategies.get(i), (this.settings.rounds() > 1) ? "round " + round : "");
                run.measure(() -> {
                    this.site.deploy(change.apply(deployment(next)));
                    this.site.awaitDone();
                });
                run.checkEndings();
                run.end();
            }
        }
    }

    private void scaleDown() {
        for (Strategy strategy : this.settings.strategies()) {
            Deployment five = deployment(strategy);
            five.getSpec().setReplicas(5);
            prepare(five);
            Run run = run(Scenario.SCALE_DOWN, strategy, "");
            run.measure(() -> {
                this.site.scale(1);
                this.site.awaitDone();
            });
            run.checkEndings();
            run.end();
        }
    }

    private void eviction() {
        KubernetesClient client = this.site.client();
        List<Node> nodes = client.nodes().list().getItems().stream()
                .filter((node) -> !Boolean.TRUE.equals(node.getSpec().getUnschedulable()))
                .toList();
        for (Strategy strategy : this.settings.strategies()) {
            prepare(deployment(strategy));
            Run run = run(Scenario.EVICTION, strategy, "");
            Map<String, List<Pod>> pods = this.site.pods().stream()
                    .collect(Collectors.groupingBy((pod) -> pod.getSpec().getNodeName()));
            // Where there is one node only, the pods come back to it; what evicts them is the same.
            String node = pods.entrySet().stream()
                    .max(Comparator.comparingInt((entry) -> entry.getValue().size()))
                    .orElseThrow()
                    .getKey();
            boolean cordon = nodes.size() > 1;
            run.note(cordon ? "one of %d nodes".formatted(nodes.size()) : "one node, not cordoned");
            try {
                run.measure(() -> {
                    if (cordon) {
                        client.nodes().withName(node).edit((current) -> unschedulable(current, true));
                    }
                    int refused = evict(pods.getOrDefault(node, List.of()));
                    this.site.awaitDone();
                    run.note("%d evictions were refused by the budget and repeated".formatted(refused));
                });
            } finally {
                if (cordon) {
                    client.nodes().withName(node).edit((current) -> unschedulable(current, false));
                }
            }
            run.checkEndings();
            run.end();
        }
    }

    private static Node unschedulable(Node node, boolean value) {
        node.getSpec().setUnschedulable(value);
        return node;
    }

    private int evict(List<Pod> pods) {
        int[] refused = new int[1];
        for (Pod pod : pods) {
            Poll.until("the budget lets " + pod.getMetadata().getName() + " go", LIMIT, () -> "", () -> {
                boolean evicted = Boolean.TRUE.equals(
                        this.site.client().pods().resource(pod).evict());
                refused[0] += evicted ? 0 : 1;
                return evicted;
            });
        }
        return refused[0];
    }

    /** What KEP-1669 promises: while all endpoints terminate, those that still serve are used. */
    private void recreate() {
        for (Strategy strategy : this.settings.strategies()) {
            for (String readiness : strategy.isStarter() ? List.of("at-close", "immediate") : List.of("")) {
                Deployment deployment = deployment(strategy);
                deployment.getSpec().setReplicas(1);
                deployment.getSpec().setStrategy(new DeploymentStrategy(null, "Recreate"));
                // So that a probe can notice while the drain is announced.
                Container container = Manifests.container(deployment);
                container.getReadinessProbe().setPeriodSeconds(1);
                container.getReadinessProbe().setFailureThreshold(1);
                if (strategy.isStarter()) {
                    Manifests.setVariable(deployment, "SERVER_DRAIN_ANNOUNCE_READINESS", readiness);
                }
                prepare(deployment);
                String pod = onlyPod();
                Run run = run(Scenario.RECREATE, strategy, readiness.isEmpty() ? "" : "readiness " + readiness);
                run.measure(() -> {
                    this.site.deploy(deployment);
                    this.site.awaitDone();
                });
                run.noteGap(pod, readiness);
                run.end();
            }
        }
    }

    private void deletion(Scenario scenario, long gracePeriod) {
        for (Strategy strategy : this.settings.strategies()) {
            prepare(deployment(strategy));
            String pod = this.site.pods().get(0).getMetadata().getName();
            Run run = run(scenario, strategy, "");
            run.measure(() -> {
                this.site
                        .client()
                        .pods()
                        .inNamespace(this.site.namespace())
                        .withName(pod)
                        .withGracePeriod(gracePeriod)
                        .delete();
                Poll.until(
                        "the pod is gone",
                        LIMIT,
                        () -> "",
                        () -> this.site.pods().stream()
                                .noneMatch(
                                        (other) -> other.getMetadata().getName().equals(pod)));
                this.site.awaitDone();
            });
            run.note(this.site
                    .recorder()
                    .ending(pod)
                    .map((ending) -> "exit code %d, message '%s'".formatted(ending.code(), ending.message()))
                    .orElse("the API never showed the end of the container"));
            run.note("the log ends with '%s'".formatted(lastDrainLine(pod)));
            run.end();
        }
    }

    /** No preStop hook runs, as the kubelet does not end the container: the strategies without one are all there are. */
    private void restart() {
        for (Strategy strategy : List.of(Strategy.STARTER, Strategy.BOOT)) {
            if (this.settings.strategies().contains(strategy)) {
                restart(strategy);
            }
        }
    }

    private void restart(Strategy strategy) {
        prepare(deployment(strategy));
        String pod = this.site.pods().get(0).getMetadata().getName();
        Run run = run(Scenario.RESTART, strategy, "");
        run.measure(() -> {
            try (ExecWatch exec = this.site
                    .client()
                    .pods()
                    .inNamespace(this.site.namespace())
                    .withName(pod)
                    .writingError(OutputStream.nullOutputStream())
                    .exec("sh", "-c", "kill -TERM 1")) {
                Poll.until(
                        "the container was started again",
                        LIMIT,
                        () -> "",
                        () -> this.site
                                .recorder()
                                .ending(pod)
                                .map(Recorder.Ending::last)
                                .orElse(false));
                exec.exitCode().cancel(true);
            }
            this.site.awaitDone();
        });
        String message =
                this.site.recorder().ending(pod).map(Recorder.Ending::message).orElse("");
        run.note("lastState.terminated.message '%s'".formatted(message));
        if (strategy.isStarter() && message.isEmpty()) {
            run.fault("lastState.terminated has no message");
        }
        run.end();
    }

    /** The port for the probes cannot be opened, which Spring Boot finds out when the server has started. */
    private void failedStart() {
        for (Strategy strategy : this.settings.strategies()) {
            prepare(deployment(strategy));
            List<String> before = this.site.pods().stream()
                    .map((pod) -> pod.getMetadata().getName())
                    .toList();
            Run run = run(Scenario.FAILED_START, strategy, "");
            run.measure(() -> {
                Deployment failing = deployment(strategy);
                Manifests.setVariable(failing, "MANAGEMENT_SERVER_ADDRESS", "192.0.2.1");
                this.site.deploy(failing);
                Poll.until(
                        "a pod has failed to start",
                        LIMIT,
                        () -> this.site.pods().size() + " pods",
                        () -> this.site.pods().stream()
                                .map((pod) -> pod.getMetadata().getName())
                                .anyMatch((pod) -> !before.contains(pod)
                                        && this.site.recorder().ending(pod).isPresent()));
                this.site.pods().stream()
                        .map((pod) -> pod.getMetadata().getName())
                        .filter((pod) -> !before.contains(pod))
                        .forEach((pod) -> this.site
                                .recorder()
                                .ending(pod)
                                .ifPresent((ending) -> run.note("the new pod ended with %d, message '%s'"
                                        .formatted(ending.code(), ending.message()))));
                this.site.deploy(deployment(strategy));
                this.site.awaitDone();
            });
            run.end();
        }
    }

    private void hardened() {
        this.site.enforce("restricted");
        try {
            for (String jdk : this.settings.jdks().keySet()) {
                for (boolean writable : new boolean[] {true, false}) {
                    String variation =
                            "JDK %s, %s".formatted(jdk, writable ? "an emptyDir at /tmp" : "nothing writable");
                    Deployment deployment = Manifests.restricted(
                            this.manifests.deployment(Strategy.STARTER, this.images.apply(jdk)), writable);
                    Run run = run(Scenario.HARDENED, Strategy.STARTER, variation);
                    this.site.deploy(deployment);
                    if (Poll.holds(LIMIT, this.site::isDone)) {
                        checkGate(run, Manifests.gate(Integer.parseInt(jdk), writable));
                        run.measure(() -> {
                            this.site.deploy(deployment);
                            this.site.awaitDone();
                        });
                        run.checkEndings();
                    } else {
                        run.note("does not start: " + reasonOfNewest());
                    }
                    run.end();
                }
            }
        } finally {
            this.site.enforce("privileged");
        }
    }

    private void checkGate(Run run, String expected) {
        String gate = gate();
        run.note("gate " + gate);
        if (!gate.equals(expected)) {
            run.fault("the gate is %s (expected: %s)".formatted(gate, expected));
        }
    }

    private String gate() {
        String pod = this.site.pods().get(0).getMetadata().getName();
        String body = this.site
                .client()
                .raw("/api/v1/namespaces/%s/pods/%s:8081/proxy/actuator/drain".formatted(this.site.namespace(), pod));
        Matcher matcher = GATE.matcher(String.valueOf(body));
        return matcher.find() ? matcher.group(1) : "unknown in " + body;
    }

    private String reasonOfNewest() {
        return this.site.pods().stream()
                .map((pod) -> pod.getMetadata().getName())
                .map((pod) -> this.site.recorder().log(pod))
                .filter((lines) -> lines.stream()
                        .anyMatch((line) -> line.contains("APPLICATION FAILED") || line.contains("Exception")))
                .map((lines) -> lines.stream()
                        .filter((line) -> line.contains("Exception"))
                        .reduce((first, second) -> second)
                        .orElse(""))
                .findFirst()
                .orElse("no exception in the log");
    }

    private String lastDrainLine(String pod) {
        return this.site.recorder().log(pod).stream()
                .filter((line) -> line.contains("Drain ") || line.contains("drain ") || line.contains("shutdown"))
                .reduce((first, second) -> second)
                .orElse("");
    }

    private String onlyPod() {
        return this.site.pods().get(0).getMetadata().getName();
    }

    private void prepare(Deployment deployment) {
        this.site.deploy(deployment);
        this.site.awaitDone();
    }

    private Deployment deployment(Strategy strategy) {
        Deployment deployment = this.manifests.deployment(strategy, this.images.apply(this.settings.jdk()));
        deployment.getSpec().setReplicas(REPLICAS);
        return deployment;
    }

    private Run run(Scenario scenario, Strategy strategy, String variation) {
        return new Run(this.site, scenario, strategy, variation, this.results);
    }
}
