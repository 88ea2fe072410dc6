// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.github.springdrain.contract.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes pods out of service on the cluster that kubectl's current context names, and prints what clients saw. Exits with 0
 * only if nothing failed with the starter and something without; with 2 if it was not told to use that cluster, or told
 * something wrong. What the system properties mean stands in {@link Settings}.
 */
final class ClusterMain {

    private static final int NOT_BEGUN = 2;

    private final long began = System.nanoTime();

    private final List<Result> results = new ArrayList<>();

    private final Settings settings;

    private ClusterMain(Settings settings) {
        this.settings = settings;
    }

    /** Runs it; takes no arguments. */
    public static void main(String[] arguments) throws IOException {
        ChildProcess.endWithParent();
        Settings settings;
        try {
            settings = Settings.of((name) -> System.getProperty(name, ""));
        } catch (IllegalArgumentException ex) {
            System.out.println(ex.getMessage());
            System.exit(NOT_BEGUN);
            return;
        }
        System.exit(new ClusterMain(settings).run());
    }

    private int run() throws IOException {
        Config config = Config.autoConfigure(null);
        String context = (config.getCurrentContext() != null)
                ? config.getCurrentContext().getName()
                : "";
        Context target = new Context(context, String.valueOf(config.getMasterUrl()));
        if (!target.isConfirmed(this.settings.confirmed())) {
            System.out.println(target.question());
            return NOT_BEGUN;
        }
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            String version = client.getKubernetesVersion().getGitVersion();
            say("Kubernetes %s, context %s, %s".formatted(version, context, config.getMasterUrl()));
            return run(
                    client,
                    target,
                    "Kubernetes %s, %s"
                            .formatted(version, this.settings.variant().id()));
        }
    }

    private int run(KubernetesClient client, Context target, String cluster) throws IOException {
        Images images = new Images(this.settings, target.loadCommand(this.settings));
        Map<String, String> samples = new HashMap<>();
        for (String jdk : this.settings.jdks().keySet()) {
            samples.put(jdk, images.sample(jdk));
            say("image " + samples.get(jdk));
        }
        String load = images.load();
        say("image " + load);
        Manifests manifests = new Manifests(this.settings.manifests());
        Site site = Site.open(client, manifests);
        Thread hook = new Thread(site::close, "cluster-namespace");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            say("namespace " + site.namespace());
            Scenarios scenarios =
                    new Scenarios(site, manifests, this.settings, (jdk) -> samples.getOrDefault(jdk, ""), this::add);
            scenarios.begin();
            site.startLoad(load, this.settings.clients());
            for (Scenario scenario : this.settings.scenarios()) {
                say(scenario.label());
                scenarios.run(scenario);
            }
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
            site.close();
            say("namespace deleted");
        }
        return report(cluster);
    }

    private int report(String cluster) throws IOException {
        Verdict verdict = Verdict.of(this.results);
        Table table = Table.of(this.results);
        Path page = this.settings.output().resolve("drain-cluster.html");
        Page.write(page, cluster, verdict, table, this.results);
        System.out.printf("%n%s%n%n%s%n", table.markdown(), String.join("\n", verdict.sentences()));
        System.out.println(
                (verdict.proven() ? "PROVEN. " : "FAILED. ") + "With pictures, as a page: " + page.toAbsolutePath());
        return verdict.proven() ? 0 : 1;
    }

    private void add(Result result) {
        this.results.add(result);
        say(result.line());
    }

    private void say(String text) {
        System.out.printf(
                Locale.ROOT,
                "[%6d s] %s%n",
                Duration.ofNanos(System.nanoTime() - this.began).toSeconds(),
                text);
    }
}
