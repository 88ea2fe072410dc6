// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the requests of a load came to.
 *
 * @param counts the requests by kind of client and result, as {@code ONE_SHOT:REFUSED}
 */
record LoadTally(Map<String, Long> counts) {

    /** The result of a request that had a response with 200; every other one is a failure. */
    static final String SERVED = "SERVED";

    LoadTally {
        counts = Map.copyOf(counts);
    }

    /** Requests in all. */
    long requests() {
        return this.counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Requests that failed. */
    long failed() {
        return failures().values().stream().mapToLong(Long::longValue).sum();
    }

    /** The failed requests by kind of client and result. */
    Map<String, Long> failures() {
        return this.counts.entrySet().stream()
                .filter((entry) -> !entry.getKey().endsWith(":" + SERVED) && entry.getValue() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, TreeMap::new));
    }

    /** What has happened since {@code earlier}. */
    LoadTally since(LoadTally earlier) {
        return new LoadTally(this.counts.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        (entry) -> entry.getValue() - earlier.counts.getOrDefault(entry.getKey(), 0L))));
    }

    /** The counts as {@code KEEP_ALIVE:SERVED=12 ONE_SHOT:REFUSED=3}. */
    String format() {
        return new TreeMap<>(this.counts)
                .entrySet().stream()
                        .map((entry) -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(" "));
    }

    /** Reads what {@link #format()} writes. */
    static LoadTally parse(String text) {
        return new LoadTally(text.lines()
                .flatMap((line) -> Stream.of(line.trim().split(" ")))
                .filter((part) -> !part.isEmpty())
                .map((part) -> part.split("="))
                .collect(Collectors.toMap((part) -> part[0], (part) -> Long.parseLong(part[1]))));
    }
}
