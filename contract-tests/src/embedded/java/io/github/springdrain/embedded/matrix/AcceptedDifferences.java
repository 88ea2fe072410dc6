// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded.matrix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The table of differences in the documentation, which is the list of those that are accepted. */
final class AcceptedDifferences {

    private static final Path PAGE = Path.of("docs", "what-changes.md");

    private static final String BEGIN = "<!-- exchanges -->";

    private final List<Difference> all;

    private AcceptedDifferences(List<Difference> all) {
        this.all = all;
    }

    /** Reads the page, from the root of the project. */
    static AcceptedDifferences read() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve(PAGE))) {
            directory = directory.getParent();
        }
        try {
            return new AcceptedDifferences(Files.readAllLines(directory.resolve(PAGE)).stream()
                    .dropWhile((line) -> !line.equals(BEGIN))
                    .skip(4)
                    .takeWhile((line) -> line.startsWith("|"))
                    .map(AcceptedDifferences::parse)
                    .toList());
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static Difference parse(String row) {
        List<String> cells =
                Stream.of(row.split("\\|")).skip(1).map(String::strip).toList();
        return new Difference(
                cells.get(0),
                List.of(cells.get(1).split(", ")),
                List.of(cells.get(2).split("; ")),
                List.of(cells.get(3).split("; ")));
    }

    List<Difference> all() {
        return this.all;
    }

    /** Returns what is listed for a case on the server under test; {@code null} if nothing is. */
    @Nullable Difference find(String name) {
        return this.all.stream()
                .filter((difference) ->
                        difference.name().equals(name) && difference.servers().contains(ContainerSetUp.NAME))
                .findFirst()
                .orElse(null);
    }
}
