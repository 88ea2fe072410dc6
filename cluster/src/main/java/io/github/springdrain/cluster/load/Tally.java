// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster.load;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What requests came to.
 *
 * @param counts the requests by kind of client and result, as {@code NEW_CONNECTION:REFUSED}
 */
public record Tally(Map<String, Long> counts) {

    /** Nothing. */
    public static final Tally NONE = new Tally(Map.of());

    /** The result of a request that had the response that was hoped for; every other one is a failure. */
    static final String SERVED = "SERVED";

    public Tally {
        counts = Map.copyOf(counts);
    }

    /** Requests in all. */
    public long requests() {
        return this.counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Requests that failed. */
    public long failed() {
        return failures().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Requests of a kind that failed. */
    public long failed(ClientKind kind) {
        return failures().entrySet().stream()
                .filter((entry) -> entry.getKey().startsWith(kind + ":"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Requests of a kind that were served. */
    public long served(ClientKind kind) {
        return this.counts.getOrDefault(kind + ":" + SERVED, 0L);
    }

    /** The failed requests by kind of client and result. */
    public Map<String, Long> failures() {
        return this.counts.entrySet().stream()
                .filter((entry) -> !entry.getKey().endsWith(":" + SERVED) && entry.getValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, TreeMap::new));
    }

    /** The failures as text for people; empty when there are none. */
    public String failuresText() {
        return failures().entrySet().stream()
                .map((entry) -> entry.getValue() + " "
                        + entry.getKey().replace(":", " ").replace('_', ' ').toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /** What has happened since {@code earlier}. */
    public Tally since(Tally earlier) {
        return new Tally(this.counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        (entry) -> entry.getValue() - earlier.counts.getOrDefault(entry.getKey(), 0L))));
    }

    /** Both together. */
    public Tally plus(Tally other) {
        Map<String, Long> sum = new TreeMap<>(this.counts);
        other.counts.forEach((key, count) -> sum.merge(key, count, Long::sum));
        return new Tally(sum);
    }

    /** The counts as {@code KEPT_CONNECTION:SERVED=12 NEW_CONNECTION:REFUSED=3}. */
    String format() {
        return new TreeMap<>(this.counts)
                .entrySet().stream()
                        .map((entry) -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(" "));
    }

    /** Reads what {@link #format()} writes. */
    static Tally parse(String text) {
        return new Tally(Stream.of(text.trim().split(" "))
                .filter((part) -> !part.isEmpty())
                .map((part) -> part.split("="))
                .collect(Collectors.toMap((part) -> part[0], (part) -> Long.parseLong(part[1]))));
    }
}
