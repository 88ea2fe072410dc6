// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every line of the containers in its newest patch, whose jars {@code mvn -Pnewest verify} has fetched: each member that
 * the library looks up by reflection is there, and each that it calls.
 */
class ContainerMembersIT {

    private static final Path containers = Path.of(System.getProperty("containers.directory", "target/containers"));

    /** The folders of the jars, one for each line, such as {@code tomcat-10.1.60}. */
    static List<String> lines() throws IOException {
        try (Stream<Path> folders = Files.list(containers)) {
            return folders.map((folder) -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyContainerIsThere() throws IOException {
        assertThat(lines().stream().map(ContainerMembersIT::adapter))
                .containsExactly("jetty", "jetty", "netty", "netty", "tomcat", "tomcat", "undertow");
    }

    @ParameterizedTest
    @MethodSource("lines")
    void nothingIsMissing(String line) throws Exception {
        try (ContainerJars jars = new ContainerJars(containers.resolve(line), "")) {
            assertThat(jars.missingByReflection(adapter(line))).isEmpty();
            assertThat(jars.missingByCall(adapter(line))).isEmpty();
            System.out.printf("| %s | nothing is missing |%n", line.replaceFirst("-", " "));
        }
    }

    /** The control: as if a patch had renamed a member. */
    @ParameterizedTest
    @CsvSource({
        "tomcat, compressionConfig",
        "tomcat, getCoyoteRequest",
        "tomcat, getLock",
        "jetty, _requestBuffer",
        "jetty, coreSession",
        "undertow, currentStreams",
        "undertow, handleRequests"
    })
    void aMemberThatIsGoneIsFound(String adapter, String member) throws Exception {
        for (String line : lines()) {
            if (adapter(line).equals(adapter)) {
                try (ContainerJars jars = new ContainerJars(containers.resolve(line), member)) {
                    assertThat(jars.missingByReflection(adapter))
                            .singleElement()
                            .asString()
                            .contains(member.substring(0, member.length() - 1) + "?");
                }
            }
        }
    }

    /** The control: an adapter misses what it calls in the jars of another container. */
    @Test
    void aCalledMemberThatIsGoneIsFound() throws Exception {
        for (String line : lines()) {
            String other = adapter(line).equals("jetty") ? "tomcat" : "jetty";
            try (ContainerJars jars = new ContainerJars(containers.resolve(line), "")) {
                assertThat(jars.missingByCall(other)).isNotEmpty();
            }
        }
    }

    private static String adapter(String line) {
        return line.substring(0, line.indexOf('-'));
    }
}
