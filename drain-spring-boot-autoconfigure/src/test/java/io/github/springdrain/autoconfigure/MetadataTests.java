// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What editors and the documentation show of the properties. */
class MetadataTests {

    private static final Pattern ROW =
            Pattern.compile("^\\| `(server\\.drain\\.[a-z.-]+)` \\|(.*)\\|$", Pattern.MULTILINE);

    @Test
    void describesEveryProperty() throws Exception {
        assertThat(properties())
                .hasSizeGreaterThan(15)
                .allSatisfy((name, property) -> assertThat(
                                property.path("description").asText())
                        .as(name)
                        .endsWith("."));
    }

    @Test
    void describesEveryGroup() throws Exception {
        assertThat(metadata().get("groups"))
                .hasSizeGreaterThan(15)
                .allSatisfy((group) -> assertThat(group.path("description").asText())
                        .as(group.path("name").asText())
                        .endsWith("."));
    }

    /** The rules that Spring Boot has for its own. */
    @Test
    void describesEveryPropertyAsSpringBootDoes() throws Exception {
        assertThat(properties()).allSatisfy((name, property) -> {
            String type = property.path("type").asText();
            String start = type.equals("java.lang.Boolean")
                    ? "Whether "
                    : (type.startsWith("java.util.") ? "Comma-separated list of " : "");
            assertThat(property.path("description").asText())
                    .as(name)
                    .startsWith(start)
                    .doesNotContainPattern("^(The|A|An) ")
                    .doesNotContainIgnoringCase("default");
        });
    }

    @Test
    void documentsTheDefaultOfEveryProperty() throws Exception {
        assertThat(properties())
                .allSatisfy((name, property) -> assertThat(
                                property.path("defaultValue").asText())
                        .as(name)
                        .isNotEmpty());
    }

    @Test
    void documentsTheAllowedWordsOfEveryEnumeration() throws Exception {
        JsonNode hints = metadata().get("hints");
        for (Map.Entry<String, JsonNode> property : properties().entrySet()) {
            Class<?> type = typeOf(property.getValue());
            if (type.isEnum()) {
                assertThat(hintsOf(hints, property.getKey()))
                        .as(property.getKey())
                        .containsExactlyInAnyOrderElementsOf(words(type));
            }
        }
    }

    @Test
    void everyPropertyIsInTheTableOfTheDocumentationWithItsDefault() throws Exception {
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("..", "docs", "properties.md")))
                .results()
                .forEach((MatchResult row) -> documented.put(row.group(1), row.group(2)));
        Map<String, JsonNode> properties = properties();
        assertThat(documented.keySet()).isEqualTo(properties.keySet());
        // Theirs depend on where the application runs or on what else is set, which takes more than a word.
        properties
                .keySet()
                .removeAll(List.of(
                        "server.drain.timeout",
                        "server.drain.announce.delay",
                        "server.drain.report.file",
                        "server.drain.streams.timeout",
                        "server.drain.streams.retry"));
        assertThat(properties)
                .allSatisfy((name, property) ->
                        assertThat(documented.get(name)).as(name).endsWith(" `" + defaultOf(property) + "` "));
    }

    private static String defaultOf(JsonNode property) {
        return property.path("defaultValue").asText().replaceAll("^\\[|\\]$", "");
    }

    private static Class<?> typeOf(JsonNode property) throws ClassNotFoundException {
        return Class.forName(property.get("type").asText().replaceFirst("<.*", ""));
    }

    private static List<String> hintsOf(JsonNode hints, String name) {
        return StreamSupport.stream(hints.spliterator(), false)
                .filter((hint) -> hint.get("name").asText().equals(name))
                .flatMap((hint) -> StreamSupport.stream(hint.get("values").spliterator(), false))
                .map((value) -> value.get("value").asText())
                .toList();
    }

    private static List<String> words(Class<?> type) {
        return List.of(type.getEnumConstants()).stream()
                .map((constant) ->
                        constant.toString().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                .toList();
    }

    private static Map<String, JsonNode> properties() throws IOException, URISyntaxException {
        Map<String, JsonNode> properties = new TreeMap<>();
        for (JsonNode property : metadata().get("properties")) {
            String name = property.get("name").asText();
            if (name.startsWith(DrainProperties.PREFIX + ".")) {
                properties.put(name, property);
            }
        }
        return properties;
    }

    /** Of this module, and not of another jar on the class path. */
    private static JsonNode metadata() throws IOException, URISyntaxException {
        URI classes = DrainProperties.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
        return new ObjectMapper()
                .readTree(Path.of(classes)
                        .resolve("META-INF/spring-configuration-metadata.json")
                        .toFile());
    }
}
