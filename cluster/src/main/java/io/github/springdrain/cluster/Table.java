// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.github.springdrain.cluster.load.ClientKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table.
 *
 * @param head its columns
 * @param rows its rows, with one cell for each column
 */
record Table(List<String> head, List<List<String>> rows) {

    /** What came of everything: one row for each result. */
    static Table of(List<Result> results) {
        List<String> head = new ArrayList<>(List.of("what", "pods", "failed requests"));
        Stream.of(ClientKind.values()).map(ClientKind::label).forEach(head::add);
        head.addAll(List.of("took", "seen"));
        return new Table(head, results.stream().map(Table::row).toList());
    }

    private static List<String> row(Result result) {
        List<String> row = new ArrayList<>(List.of(
                result.scenario().label(),
                result.strategy().label() + (result.variation().isEmpty() ? "" : ", " + result.variation()),
                result.tally().failed() + " of " + result.tally().requests()));
        for (ClientKind kind : ClientKind.values()) {
            row.add(Long.toString(result.tally().failed(kind)));
        }
        row.add(result.took().toSeconds() + " s");
        row.add(Stream.concat(result.notes().stream(), result.faults().stream().map((fault) -> "FAULT: " + fault))
                .collect(Collectors.joining("; ")));
        return row;
    }

    /** The table in Markdown. */
    String markdown() {
        Stream<List<String>> lines = Stream.concat(
                Stream.of(this.head, this.head.stream().map((cell) -> "---").toList()), this.rows.stream());
        return lines.map((cells) -> cells.stream()
                        .map((cell) -> cell.replace("|", "/"))
                        .collect(Collectors.joining(" | ", "| ", " |")))
                .collect(Collectors.joining("\n"));
    }
}
