// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a manifest into the types of the Kubernetes API; a field that they do not have is an error. */
final class Manifest {

    private static final Path FOLDER = Path.of("..", "deploy", "kubernetes");

    private static final ObjectMapper mapper = YAMLMapper.builder()
            .annotationIntrospector(new OnlyKnownFields())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Manifest() {}

    static <T> T read(String file, Class<T> type) throws JsonProcessingException {
        return parse(text(file), type);
    }

    static <T> T parse(String text, Class<T> type) throws JsonProcessingException {
        return mapper.readValue(text, type);
    }

    static String text(String file) {
        try {
            return Files.readString(FOLDER.resolve(file));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** The client's types collect what they do not know, which a typing error would disappear in. */
    private static final class OnlyKnownFields extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }
}
