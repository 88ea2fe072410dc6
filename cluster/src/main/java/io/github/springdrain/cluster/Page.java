// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The verdict, the table and the pictures as one HTML file that needs nothing else. */
final class Page {

    private static final String TEMPLATE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>drain-spring-boot-starter on Kubernetes</title>
            <style>
              body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
              table { border-collapse: collapse; }
              th, td { border-bottom: 1px solid #ccc; padding: .3rem .6rem; text-align: right; vertical-align: top; }
              th:nth-child(-n+2), td:nth-child(-n+2), th:last-child, td:last-child { text-align: left; }
              .failed { color: #b00; }
              figure { margin: 2rem 0; overflow-x: auto; }
            </style>
            <h1>Requests that failed while pods were taken out of service</h1>
            %s
            <p>%s</p>
            <table><thead><tr>%s</tr></thead><tbody>%s</tbody></table>
            <h2>Timelines</h2>
            <p>For each pod: its status, its endpoint in the EndpointSlice, and the phase of its drain, each from the moment
            when this was heard of. A red line is a request that failed.</p>
            %s
            </html>
            """;

    private Page() {}

    static void write(Path target, String cluster, Verdict verdict, Table table, List<Result> results)
            throws IOException {
        Files.createDirectories(Objects.requireNonNull(target.toAbsolutePath().getParent()));
        String sentences = verdict.sentences().stream()
                .map((sentence) -> "<p%s>%s</p>"
                        .formatted(verdict.proven() ? "" : " class=\"failed\"", Timeline.escaped(sentence)))
                .collect(Collectors.joining("\n"));
        String rows = table.rows().stream()
                .map((row) -> "<tr>" + cells("td", row) + "</tr>")
                .collect(Collectors.joining("\n"));
        String pictures = results.stream()
                .flatMap((result) -> result.timelines().stream())
                .map((timeline) -> "<figure><figcaption>%s</figcaption>%n%s</figure>"
                        .formatted(Timeline.escaped(timeline.title()), timeline.svg()))
                .collect(Collectors.joining("\n"));
        Files.writeString(
                target,
                TEMPLATE.formatted(sentences, Timeline.escaped(cluster), cells("th", table.head()), rows, pictures));
    }

    private static String cells(String element, List<String> cells) {
        return cells.stream()
                .map((cell) -> "<%1$s>%2$s</%1$s>".formatted(element, Timeline.escaped(cell)))
                .collect(Collectors.joining());
    }
}
