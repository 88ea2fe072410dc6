// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How many exchanges of a storm ended how.
 *
 * @param counts the exchanges by outcome; outcomes that did not occur are absent
 */
public record StormTally(Map<Outcome, Long> counts) {

    /** Nothing has happened. */
    public static final StormTally EMPTY = new StormTally(Map.of());

    /** Copies the counts. */
    public StormTally {
        counts = Map.copyOf(counts);
    }

    /** Exchanges that ended so. */
    public long count(Outcome outcome) {
        return this.counts.getOrDefault(outcome, 0L);
    }

    /** Exchanges for which a connection was there and no whole response came over it. */
    public long lost() {
        return this.counts.entrySet().stream()
                .filter((entry) -> entry.getKey().isLost())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Both together. */
    public StormTally plus(StormTally other) {
        Map<Outcome, Long> sum = new EnumMap<>(Outcome.class);
        sum.putAll(this.counts);
        other.counts.forEach((outcome, count) -> sum.merge(outcome, count, Long::sum));
        return new StormTally(sum);
    }

    /** The counts as {@code COMPLETE=12 REFUSED=3}, in the order of the outcomes. */
    public String format() {
        List<String> parts = new ArrayList<>();
        for (Outcome outcome : Outcome.values()) {
            if (count(outcome) > 0) {
                parts.add(outcome + "=" + count(outcome));
            }
        }
        return String.join(" ", parts);
    }

    /** Reads what {@link #format()} writes. */
    public static StormTally parse(String text) {
        return new StormTally(
                text.isBlank()
                        ? Map.of()
                        : List.of(text.trim().split(" ")).stream()
                                .map((part) -> part.split("="))
                                .collect(Collectors.toMap(
                                        (part) -> Outcome.valueOf(part[0]), (part) -> Long.parseLong(part[1]))));
    }
}
