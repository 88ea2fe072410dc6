// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.Variant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What many stages came to, in Markdown: one row for each variant and entry, one column for each strategy. */
final class Table {

    private final List<Strategy> strategies;

    private final Map<String, List<String>> rows = new LinkedHashMap<>();

    private boolean clean = true;

    Table(List<Strategy> strategies) {
        this.strategies = strategies;
    }

    /** Adds a cell; the cells of a row are added in the order of the strategies. */
    void add(Variant variant, Entry entry, Strategy strategy, Stage stage) {
        String cell = "%d of %d".formatted(stage.load().failed(), stage.load().requests());
        if (!stage.faults().isEmpty()) {
            cell += " (" + String.join("; ", stage.faults()) + ")";
        }
        this.rows
                .computeIfAbsent("| %s | %s".formatted(entry.label(), variant.id()), (key) -> new ArrayList<>())
                .add(cell);
        this.clean &= !strategy.isStarter()
                || (stage.load().failed() == 0 && stage.faults().isEmpty());
    }

    /** Whether nothing failed with the starter. */
    boolean isClean() {
        return this.clean;
    }

    /** The table: failed requests of all requests. */
    String text() {
        String head = this.strategies.stream().map(Strategy::label).collect(Collectors.joining(" | "));
        String rule = "|---".repeat(this.strategies.size() + 2) + "|";
        String body = this.rows.entrySet().stream()
                .map((row) -> row.getKey() + " | " + String.join(" | ", row.getValue()) + " |")
                .collect(Collectors.joining("\n"));
        return "| through | variant | %s |%n%s%n%s".formatted(head, rule, body);
    }
}
