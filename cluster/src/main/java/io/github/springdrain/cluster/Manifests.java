// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The manifests that users copy, with as little changed as can be. */
final class Manifests {

    /** Longer than the cluster takes for the removal of a pod; the announce delay of the starter on Kubernetes. */
    private static final long SLEEP_SECONDS = 5;

    private static final int FOREIGN_FUNCTIONS = 22;

    private final Path folder;

    Manifests(Path folder) {
        this.folder = folder;
    }

    /** The Service. */
    Service service() {
        return read("service.yaml", Service.class);
    }

    /** The PodDisruptionBudget. */
    PodDisruptionBudget budget() {
        return read("pod-disruption-budget.yaml", PodDisruptionBudget.class);
    }

    /** The Deployment of a strategy: the one that users copy for it, with another image. */
    Deployment deployment(Strategy strategy, String image) {
        Deployment deployment = switch (strategy) {
            case STARTER -> read("deployment.yaml", Deployment.class);
            case STARTER_HTTP_GET -> read("deployment-prestop.yaml", Deployment.class);
            case STARTER_EXEC -> withHook(read("deployment-prestop.yaml", Deployment.class), exec());
            case BOOT_SLEEP -> withHook(plain(), sleep());
            case BOOT -> plain();
        };
        container(deployment).setImage(image);
        return deployment;
    }

    /** The only container of a Deployment. */
    static Container container(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
    }

    /** Sets a variable, in place of the one of that name if there is one. */
    static void setVariable(Deployment deployment, String name, String value) {
        Container container = container(deployment);
        List<EnvVar> variables = new ArrayList<>(container.getEnv());
        variables.removeIf((variable) -> variable.getName().equals(name));
        variables.add(new EnvVarBuilder().withName(name).withValue(value).build());
        container.setEnv(variables);
    }

    /** Says that pods that are there already are not what is wanted, as {@code kubectl rollout restart} does. */
    static void restart(Deployment deployment, String mark) {
        deployment.getSpec().getTemplate().getMetadata().setAnnotations(Map.of("io.github.springdrain/roll", mark));
    }

    /**
     * Makes its pods satisfy the Pod Security level "restricted", with a root file system that nobody writes to, and with an
     * emptyDir at /tmp or without.
     */
    static Deployment restricted(Deployment deployment, boolean writable) {
        Container container = container(deployment);
        container.setSecurityContext(new SecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withReadOnlyRootFilesystem(true)
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build());
        if (writable) {
            deployment
                    .getSpec()
                    .getTemplate()
                    .getSpec()
                    .setVolumes(List.of(new VolumeBuilder()
                            .withName("tmp")
                            .withNewEmptyDir()
                            .endEmptyDir()
                            .build()));
            container.setVolumeMounts(List.of(new VolumeMountBuilder()
                    .withName("tmp")
                    .withMountPath("/tmp")
                    .build()));
        }
        return deployment;
    }

    /** Limits a resource of each pod. */
    static Deployment limited(Deployment deployment, String resource, String limit) {
        container(deployment)
                .setResources(new ResourceRequirementsBuilder()
                        .addToLimits(resource, new Quantity(limit))
                        .addToRequests(resource, new Quantity(resource.equals("cpu") ? "10m" : "10Mi"))
                        .build());
        return deployment;
    }

    /** The level of the gate that pods of {@link #restricted} have to reach on a JDK. */
    static String gate(int jdk, boolean writable) {
        // JNA has to unpack its library; the foreign function API, final since 22, has none.
        return (writable || jdk >= FOREIGN_FUNCTIONS) ? "DEVICE_GATE" : "QUEUE_OBSERVED";
    }

    private Deployment plain() {
        Deployment deployment = read("deployment.yaml", Deployment.class);
        setVariable(deployment, "SERVER_DRAIN_ENABLED", "false");
        return deployment;
    }

    private static Deployment withHook(Deployment deployment, Lifecycle hook) {
        container(deployment).setLifecycle(hook);
        return deployment;
    }

    /** The one that deployment-prestop.yaml has in a comment. */
    private static Lifecycle exec() {
        return new LifecycleBuilder()
                .withNewPreStop()
                .withNewExec()
                .withCommand("curl", "-fsS", "-X", "POST", "http://localhost:8081/actuator/drain/wait")
                .endExec()
                .endPreStop()
                .build();
    }

    private static Lifecycle sleep() {
        return new LifecycleBuilder()
                .withNewPreStop()
                .withNewSleep(SLEEP_SECONDS)
                .endPreStop()
                .build();
    }

    private <T extends HasMetadata> T read(String file, Class<T> type) {
        try {
            return Serialization.unmarshal(Files.readString(this.folder.resolve(file)), type);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
