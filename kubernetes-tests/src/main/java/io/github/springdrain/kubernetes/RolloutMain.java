// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.Variant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Rolls the variants over behind each way into the cluster, once for each strategy, and prints a table. Properties:
 * {@code rollout.variants}, {@code rollout.entries} and {@code rollout.strategies}, each a list of names, all unless set.
 */
final class RolloutMain {

    private RolloutMain() {}

    /** Ends with 1 if a request failed with the starter. */
    public static void main(String[] arguments) {
        List<Strategy> strategies = selected("rollout.strategies", Strategy.values());
        Table table = new Table(strategies);
        for (Entry entry : selected("rollout.entries", Entry.values())) {
            Optional<String> missing = Requirements.missing(entry);
            if (missing.isPresent()) {
                System.out.println("SKIPPED, " + entry.label() + ": " + missing.get());
                continue;
            }
            for (Variant variant : selected("rollout.variants", Variant.values())) {
                run(variant, entry, strategies, table);
            }
        }
        System.out.println(table.text());
        System.exit(table.isClean() ? 0 : 1);
    }

    private static void run(Variant variant, Entry entry, List<Strategy> strategies, Table table) {
        try (Rollout rollout = Rollout.begin(variant, entry, replicas(strategies.get(0)))) {
            for (int i = 0; i < strategies.size(); i++) {
                Strategy next = strategies.get(Math.min(i + 1, strategies.size() - 1));
                Stage stage = rollout.roll(replicas(next));
                System.out.println("%s, %s, %s: %s"
                        .formatted(
                                variant.id(), entry.label(), strategies.get(i).label(), stage.summary()));
                table.add(variant, entry, strategies.get(i), stage);
            }
        }
    }

    private static List<Strategy> replicas(Strategy strategy) {
        return Collections.nCopies(Rollout.REPLICAS, strategy);
    }

    private static <E extends Enum<E>> List<E> selected(String property, E[] all) {
        String names = System.getProperty(property, "");
        return Stream.of(all)
                .filter((value) -> names.isBlank() || List.of(names.split(",")).contains(value.name()))
                .toList();
    }
}
