// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The verdict and the table as one HTML file that needs nothing else. */
final class Page {

    private static final String TEMPLATE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>drain-spring-boot-starter: the proof</title>
            <style>
              body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1rem; }
              table { border-collapse: collapse; }
              th, td { border-bottom: 1px solid #ccc; padding: .3rem .6rem; text-align: right; white-space: nowrap; }
              th { white-space: normal; vertical-align: bottom; }
              th:nth-child(-n+3), td:nth-child(-n+3) { text-align: left; }
              .failed { color: #b00; }
            </style>
            <h1>Requests lost while the server was restarted under load</h1>
            %s
            <table><thead><tr>%s</tr></thead><tbody>%s</tbody></table>
            <p>Java %s, %d processors, %s %s. Clients and servers share the machine. Refused connections are not lost:
            every client may try elsewhere at once.</p>
            </html>
            """;

    private Page() {}

    static void write(Path target, Verdict verdict, Table table) throws IOException {
        Files.createDirectories(Objects.requireNonNull(target.toAbsolutePath().getParent()));
        String sentences = verdict.sentences().stream()
                .map((sentence) ->
                        "<p%s>%s</p>".formatted(verdict.proven() ? "" : " class=\"failed\"", escaped(sentence)))
                .collect(Collectors.joining("\n"));
        String rows = table.rows().stream()
                .map((row) -> "<tr>" + cells("td", row) + "</tr>")
                .collect(Collectors.joining("\n"));
        Files.writeString(
                target,
                TEMPLATE.formatted(
                        sentences,
                        cells("th", table.head()),
                        rows,
                        escaped(Runtime.version().toString()),
                        Runtime.getRuntime().availableProcessors(),
                        escaped(System.getProperty("os.name")),
                        escaped(System.getProperty("os.version"))));
    }

    private static String cells(String element, List<String> cells) {
        return cells.stream()
                .map((cell) -> "<%1$s>%2$s</%1$s>".formatted(element, escaped(cell)))
                .collect(Collectors.joining());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
