// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Scrapes the metrics of pods that are deleted, through the API, until they are gone. */
final class Scraper implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofMillis(300);

    private static final Pattern PHASE = Pattern.compile("(?m)^server_drain_phase(?:\\{[^}]*})? ([0-9.]+)");

    private final KubernetesClient client;

    private final String namespace;

    private final Supplier<List<String>> deleted;

    private final Map<String, Scrape> last = new ConcurrentHashMap<>();

    private final CountDownLatch ended = new CountDownLatch(1);

    private Scraper(KubernetesClient client, String namespace, Supplier<List<String>> deleted) {
        this.client = client;
        this.namespace = namespace;
        this.deleted = deleted;
    }

    /** Begins; {@code deleted} has the names of the pods. */
    static Scraper start(KubernetesClient client, String namespace, Supplier<List<String>> deleted) {
        Scraper scraper = new Scraper(client, namespace, deleted);
        Thread thread = new Thread(scraper::run, "metrics-scraper");
        thread.setDaemon(true);
        thread.start();
        return scraper;
    }

    /** The last scrape of a pod that had a response; empty also where the metrics are not exposed. */
    Optional<Scrape> last(String pod) {
        return Optional.ofNullable(this.last.get(pod));
    }

    private void run() {
        try {
            while (!this.ended.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                this.deleted.get().forEach(this::scrape);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private void scrape(String pod) {
        try {
            String text = this.client.raw(
                    "/api/v1/namespaces/%s/pods/%s:8081/proxy/actuator/prometheus".formatted(this.namespace, pod));
            phase(text).ifPresent((phase) -> this.last.put(pod, new Scrape(System.currentTimeMillis(), phase)));
        } catch (KubernetesClientException ex) {
            // The pod is gone, or serves no metrics; the last scrape stays.
        }
    }

    /** The drain's phase in a scrape. */
    static Optional<Integer> phase(@Nullable String text) {
        Matcher matcher = PHASE.matcher((text != null) ? text : "");
        return matcher.find() ? Optional.of((int) Double.parseDouble(matcher.group(1))) : Optional.empty();
    }

    @Override
    public void close() {
        this.ended.countDown();
    }

    /**
     * A scrape.
     *
     * @param millis when its response was there
     * @param phase the number of the drain's phase in it
     */
    record Scrape(long millis, int phase) {}
}
