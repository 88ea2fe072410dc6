// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;

/** Reads files of the project. */
final class ProjectFile {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final ObjectMapper json = new ObjectMapper();

    private static final ObjectMapper yaml = yaml();

    private ProjectFile() {}

    static String text(String path) throws IOException {
        return Files.readString(ROOT.resolve(path));
    }

    static JsonNode json(String path) throws IOException {
        return json.readTree(text(path));
    }

    /** Reads YAML in which no key may be there twice. */
    static JsonNode yaml(String path) throws IOException {
        return yaml.readTree(text(path));
    }

    /** Returns the paths of the files in a folder whose names have an end. */
    static List<String> list(String folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
            return files.map((file) -> ROOT.relativize(file).toString())
                    .filter((file) -> file.endsWith(end))
                    .sorted()
                    .toList();
        }
    }

    private static ObjectMapper yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return YAMLMapper.builder(YAMLFactory.builder()
                        .loaderOptions(options)
                        // "on" is the name of a key in workflows, and no truth value.
                        .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                        .build())
                .build();
    }
}
