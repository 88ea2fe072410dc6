// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the pages of the documentation, as GitHub resolves them. */
class DocumentationLinksTests {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Set<String> FOLDERS = Set.of("", "docs", "benchmarks", "deploy", "sample-app");

    private static final Pattern FENCED = Pattern.compile("^ *```.*?^ *```", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern CODE_SPAN = Pattern.compile("`(?:[^`\n]|\n(?!\n))+`");

    private static final Pattern INLINE_LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    private static final Pattern REFERENCE = Pattern.compile("\\]\\[([^\\]]+)\\]");

    private static final Pattern DEFINITION = Pattern.compile("^\\[([^\\]]+)\\]: (\\S+)$", Pattern.MULTILINE);

    private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);

    private static final Pattern EXTERNAL = Pattern.compile("^[a-z][a-z0-9+.-]*:.*");

    @Test
    void everyRelativeLinkLeadsToAFileAndAHeading() throws IOException {
        Set<String> broken = new TreeSet<>();
        for (Path page : pages()) {
            for (String link : links(page)) {
                if (!EXTERNAL.matcher(link).matches() && !resolves(page, link)) {
                    broken.add(ROOT.relativize(page) + ": " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void everyReferenceIsDefinedAndUsed() throws IOException {
        for (Path page : pages()) {
            String text = prose(page);
            Set<String> used = new TreeSet<>(groups(REFERENCE, text));
            Set<String> defined = new TreeSet<>(groups(DEFINITION, text));
            assertThat(used).as(ROOT.relativize(page).toString()).isEqualTo(defined);
        }
    }

    @Test
    void everyPageOfTheDocumentationIsLinkedFromTheReadme() throws IOException {
        List<String> linked = links(ROOT.resolve("README.md"));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            assertThat(docs.filter((page) -> page.toString().endsWith(".md"))
                            .map((page) -> "docs/" + page.getFileName()))
                    .allSatisfy((page) -> assertThat(linked).contains(page));
        }
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
                files.filter((file) -> file.toString().endsWith(".md")).forEach(pages::add);
            }
        }
        assertThat(pages)
                .contains(ROOT.resolve("README.md"), ROOT.resolve("docs").resolve("properties.md"));
        return pages;
    }

    private static boolean resolves(Path page, String link) throws IOException {
        int hash = link.indexOf('#');
        String path = (hash < 0) ? link : link.substring(0, hash);
        Path folder = page.resolveSibling("");
        Path target = path.isEmpty() ? page : folder.resolve(path).normalize();
        if (!target.startsWith(ROOT) || !Files.exists(target)) {
            return false;
        }
        return hash < 0 || anchors(target).contains(link.substring(hash + 1));
    }

    private static List<String> links(Path page) throws IOException {
        String text = prose(page);
        List<String> links = new ArrayList<>(groups(INLINE_LINK, text));
        DEFINITION.matcher(text).results().forEach((definition) -> links.add(definition.group(2)));
        return links;
    }

    /** What GitHub makes of headings: lower case, no punctuation, dashes for spaces, a number where one is repeated. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new TreeSet<>();
        Map<String, Integer> repeated = new HashMap<>();
        for (String heading : groups(HEADING, withoutBlocks(page))) {
            String anchor = heading.strip()
                    .replaceAll("\\]\\([^)]*\\)", "]")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            int number = repeated.merge(anchor, 1, Integer::sum);
            anchors.add((number == 1) ? anchor : anchor + "-" + (number - 1));
        }
        return anchors;
    }

    private static String prose(Path page) throws IOException {
        return CODE_SPAN.matcher(withoutBlocks(page)).replaceAll("");
    }

    private static String withoutBlocks(Path page) throws IOException {
        return FENCED.matcher(Files.readString(page)).replaceAll("");
    }

    private static List<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }
}
