// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CentralRulesTest {

    private static final String POM = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>org.example</groupId>
              <artifactId>thing</artifactId>
              <version>1.0</version>
              <name>thing</name>
              <description>A thing.</description>
              <url>https://example.org</url>
              <licenses><license><name>Apache-2.0</name><url>https://example.org/license</url></license></licenses>
              <developers><developer><name>Somebody</name></developer></developers>
              <scm>
                <connection>scm:git:https://example.org</connection>
                <developerConnection>scm:git:https://example.org</developerConnection>
                <url>https://example.org</url>
              </scm>
            </project>
            """;

    @TempDir
    Path repository;

    @BeforeEach
    void stage() throws IOException {
        write("thing-1.0.pom", POM);
        for (String jar : new String[] {"thing-1.0.jar", "thing-1.0-sources.jar", "thing-1.0-javadoc.jar"}) {
            write(jar, "content of " + jar);
        }
    }

    @Test
    void aCompleteArtifactHasNoProblem() throws IOException {
        assertThat(CentralRules.problems(this.repository)).isEmpty();
    }

    @Test
    void anEmptyRepositoryIsAProblem(@TempDir Path empty) throws IOException {
        assertThat(CentralRules.problems(empty)).singleElement().asString().startsWith("no artifact");
        assertThat(CentralRules.problems(empty.resolve("none"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "thing-1.0.jar",
                "thing-1.0-sources.jar",
                "thing-1.0-javadoc.jar",
                "thing-1.0.pom.asc",
                "thing-1.0.jar.asc",
                "thing-1.0-sources.jar.sha1",
                "thing-1.0.jar.md5"
            })
    void aMissingFileIsNamed(String file) throws IOException {
        Files.delete(folder().resolve(file));
        assertThat(CentralRules.problems(this.repository)).containsExactly(file + " is missing");
    }

    @Test
    void aFileThatChangedAfterItsChecksumIsFound() throws IOException {
        Files.writeString(folder().resolve("thing-1.0.jar"), "other content");
        assertThat(CentralRules.problems(this.repository))
                .containsExactlyInAnyOrder(
                        "thing-1.0.jar.md5: not the checksum of the file",
                        "thing-1.0.jar.sha1: not the checksum of the file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "description", "url", "licenses", "developers", "scm"})
    void aMissingElementOfThePomIsNamed(String element) throws IOException {
        write("thing-1.0.pom", POM.replaceFirst("(?s)\n  <%1$s>.*?</%1$s>\n".formatted(element), "\n"));
        assertThat(CentralRules.problems(this.repository))
                .isNotEmpty()
                .allSatisfy((problem) -> assertThat(problem).startsWith("thing-1.0.pom: no " + element));
    }

    @Test
    void aSnapshotAParentAndAPlaceholderAreProblems() throws IOException {
        write("thing-1.0.pom", POM.replace("<version>1.0", "<version>1.0-SNAPSHOT"));
        assertThat(CentralRules.problems(this.repository)).containsExactly("thing-1.0.pom: a snapshot");
        write("thing-1.0.pom", POM.replace("<name>", "<parent><version>1</version></parent><name>"));
        assertThat(CentralRules.problems(this.repository))
                .containsExactly("thing-1.0.pom: a parent, which is not published");
        write("thing-1.0.pom", POM.replace("A thing.", "${some.text}"));
        assertThat(CentralRules.problems(this.repository))
                .containsExactly("thing-1.0.pom: a placeholder that nothing resolves");
    }

    private Path folder() {
        return this.repository.resolve("org/example/thing/1.0");
    }

    private void write(String name, String content) throws IOException {
        Files.createDirectories(folder());
        Path file = Files.writeString(folder().resolve(name), content);
        Path signature = Files.writeString(folder().resolve(name + ".asc"), "-----BEGIN PGP SIGNATURE-----\n");
        CentralRules.writeChecksums(file);
        CentralRules.writeChecksums(signature);
    }
}
