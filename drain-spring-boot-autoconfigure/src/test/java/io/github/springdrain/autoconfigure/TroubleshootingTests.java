// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Log lines, each of which has an entry in {@code docs/troubleshooting.md} under a fragment of its text. */
class TroubleshootingTests {

    private static final Path SOURCES = Path.of("src", "main", "java");

    private static final Pattern ENTRY = Pattern.compile("^### `([^`]+)`$", Pattern.MULTILINE);

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\n]|\\\\.)*)\"");

    private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");

    private static final Pattern LOG_CALL =
            Pattern.compile("(?:\\blogger\\.(?:info|warn|error)|\\.log)\\(\\s*\"((?:[^\"\\\\\n]|\\\\.)*)\"");

    /** What holds only what was put together elsewhere. */
    private static final Pattern PLACEHOLDERS_ONLY = Pattern.compile("(\\{\\})+");

    @Test
    void everyEntryIsALogLineOfTheLibrary() throws IOException {
        List<String> literals = inSources(LITERAL);
        assertThat(entries())
                .hasSizeGreaterThan(30)
                .allSatisfy(
                        (entry) -> assertThat(literals).as(entry).anyMatch((literal) -> isFragmentOf(entry, literal)));
    }

    @Test
    void everyLogLineHasAnEntry() throws IOException {
        List<String> entries = entries();
        assertThat(inSources(LOG_CALL))
                .hasSizeGreaterThan(30)
                .filteredOn((line) -> !PLACEHOLDERS_ONLY.matcher(line).matches())
                .allSatisfy((line) -> assertThat(entries).as(line).anyMatch((entry) -> isFragmentOf(entry, line)));
    }

    /** An ellipsis stands for whatever is put in. */
    private static boolean isFragmentOf(String entry, String line) {
        String regex = Pattern.quote(entry).replace("…", "\\E.*\\Q");
        return Pattern.compile(regex).matcher(line).find();
    }

    private static List<String> entries() throws IOException {
        return ENTRY.matcher(Files.readString(Path.of("..", "docs", "troubleshooting.md")))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    private static List<String> inSources(Pattern pattern) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter((path) -> path.toString().endsWith(".java")).toList()) {
                String text = CONCATENATION.matcher(Files.readString(file)).replaceAll("");
                pattern.matcher(text).results().forEach((result) -> found.add(result.group(1)));
            }
        }
        return found;
    }
}
