// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import io.github.springdrain.contract.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table.
 *
 * @param head its columns
 * @param rows its rows, with one cell for each column
 */
public record Table(List<String> head, List<List<String>> rows) {

    /** What clients saw, and what the drain says: one row for each series. */
    static Table of(List<Series> all) {
        List<String> head = new ArrayList<>(List.of("variant", "", "", "restarts", "requests", "lost"));
        Stream.of(ClientKind.values()).map((kind) -> kind.label() + ", lost of").forEach(head::add);
        head.addAll(List.of("refused", "connections/s", "rescued", "graceful", "exit ms", "longest"));
        return new Table(head, all.stream().map(Table::row).toList());
    }

    private static List<String> row(Series series) {
        Tally tally = series.tally();
        List<String> row = new ArrayList<>(List.of(
                series.variant().id(),
                series.tls() ? "TLS" : "plain",
                series.starter() ? "starter" : "plain Boot",
                number(series.restarts().size()),
                number(tally.requests()),
                number(tally.lost())));
        for (ClientKind kind : ClientKind.values()) {
            row.add(number(tally.lost(kind)) + " of " + number(tally.requests(kind)));
        }
        row.add(number(tally.count(Outcome.REFUSED)));
        row.add(number(Math.round(series.medianConnectionsPerSecond())));
        row.add(series.starter() ? number(series.rescued()) : "");
        row.add(series.starter() ? number(series.graceful()) : "");
        row.add(number(series.medianExit().toMillis()));
        row.add(number(series.longestExit().toMillis()));
        return row;
    }

    /** The table in Markdown. */
    public String markdown() {
        Stream<List<String>> lines = Stream.concat(
                Stream.of(this.head, this.head.stream().map((cell) -> "---").toList()), this.rows.stream());
        return lines.map((cells) -> "| " + String.join(" | ", cells) + " |").collect(Collectors.joining("\n"));
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
