// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** What {@code .ci/stage} has staged, which is what a release publishes. */
class StagingIT {

    private static final String LIBRARY = "drain-spring-boot-autoconfigure";

    private static final String STARTER = "drain-spring-boot-starter";

    private static final Path repository = Path.of(System.getProperty("staging.directory", "../target/staging"));

    @Test
    void centralAcceptsEverything() throws IOException {
        assertThat(CentralRules.problems(repository)).isEmpty();
    }

    @Test
    void nothingButTheLibraryAndTheStarterIsPublished() throws IOException {
        assertThat(CentralRules.poms(repository).stream()
                        .map((pom) -> pom.getName(pom.getNameCount() - 3).toString()))
                .containsExactly(LIBRARY, STARTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {LIBRARY, STARTER})
    void aSignatureIsOfItsFile(String artifact) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(pom(artifact).resolveSibling(""))) {
            for (Path signature :
                    files.filter((file) -> file.toString().endsWith(".asc")).toList()) {
                String signed = signature.toString().replaceFirst("\\.asc$", "");
                Process gpg = new ProcessBuilder("gpg", "--batch", "--verify", signature.toString(), signed)
                        .redirectErrorStream(true)
                        .start();
                String output = new String(gpg.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(gpg.waitFor()).as(output).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LIBRARY, STARTER})
    void aJarSaysWhatItIsAndUnderWhichLicense(String artifact) throws IOException {
        Path pom = pom(artifact);
        try (JarFile jar = jar(pom, ".jar")) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertThat(manifest.getValue("Automatic-Module-Name")).startsWith("io.github.springdrain");
            assertThat(manifest.getValue("Implementation-Title")).isEqualTo(artifact);
            assertThat(manifest.getValue("Implementation-Version")).isEqualTo(Pom.text(Pom.read(pom), "version"));
            assertThat(names(jar)).contains("META-INF/LICENSE", "META-INF/NOTICE");
        }
    }

    @Test
    void theStarterStaysOutOfExecutableJars() throws IOException {
        try (JarFile jar = jar(pom(STARTER), ".jar")) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Spring-Boot-Jar-Type"))
                    .isEqualTo("dependencies-starter");
        }
    }

    /** A jar that is built twice from the same sources is the same: no time of the build is in it, and no order of files. */
    @ParameterizedTest
    @ValueSource(strings = {LIBRARY, STARTER})
    void nothingInAJarDependsOnTheBuild(String artifact) throws IOException {
        for (String end : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
            try (JarFile jar = jar(pom(artifact), end)) {
                List<LocalDateTime> times =
                        jar.stream().map(JarEntry::getTimeLocal).distinct().toList();
                assertThat(times).as(artifact + end).hasSize(1);
                assertThat(times.get(0).toInstant(ZoneOffset.UTC)).isBefore(Instant.now());
                assertThat(jar.getManifest().getMainAttributes().getValue("Build-Jdk"))
                        .isNull();
            }
        }
    }

    @Test
    void theJavadocIsThatOfTheApiOnly() throws IOException {
        try (JarFile jar = jar(pom(LIBRARY), "-javadoc.jar")) {
            assertThat(names(jar)).contains("io/github/springdrain/Drain.html");
            assertThat(names(jar).stream()
                            .filter((name) -> name.matches("io/github/springdrain/[a-z0-9]+/[A-Z].*|io/undertow/.*")))
                    .isEmpty();
        }
    }

    @Test
    void theSourcesAreThoseOfTheClasses() throws IOException {
        try (JarFile classes = jar(pom(LIBRARY), ".jar");
                JarFile sources = jar(pom(LIBRARY), "-sources.jar")) {
            List<String> expected = names(classes).stream()
                    .filter((name) -> name.endsWith(".class") && !name.contains("$"))
                    .map((name) -> name.replace(".class", ".java"))
                    .toList();
            assertThat(expected).hasSizeGreaterThan(100);
            assertThat(names(sources)).containsAll(expected);
        }
    }

    @Test
    void theLibraryBringsNothingAndTheStarterBringsTheLibraryAndJna() throws IOException {
        assertThat(dependencies(LIBRARY)).isEmpty();
        assertThat(dependencies(STARTER)).containsExactly(LIBRARY + " compile", "jna runtime");
    }

    @ParameterizedTest
    @ValueSource(strings = {LIBRARY, STARTER})
    void aBillOfMaterialsIsBesideTheJar(String artifact) throws IOException {
        Path bom = CentralRules.sibling(pom(artifact), "-cyclonedx.json");
        assertThat(bom).content().contains("\"bomFormat\" : \"CycloneDX\"", "\"name\" : \"" + artifact + "\"");
    }

    /** Returns what reaches an application: artifact and scope. */
    private static List<String> dependencies(String artifact) throws IOException {
        List<String> dependencies = new ArrayList<>();
        Element all = Pom.child(Pom.read(pom(artifact)), "dependencies");
        for (Element dependency : (all != null) ? Pom.children(all, "dependency") : Collections.<Element>emptyList()) {
            String scope = Pom.text(dependency, "scope");
            assertThat(scope).isNotEqualTo("test");
            if (!Pom.text(dependency, "optional").equals("true") && !scope.equals("provided")) {
                dependencies.add(Pom.text(dependency, "artifactId") + " " + (scope.isEmpty() ? "compile" : scope));
            }
        }
        return dependencies;
    }

    private static Path pom(String artifact) throws IOException {
        return CentralRules.poms(repository).stream()
                .filter((pom) -> pom.getFileName().toString().startsWith(artifact))
                .findFirst()
                .orElseThrow();
    }

    private static JarFile jar(Path pom, String end) throws IOException {
        return new JarFile(CentralRules.sibling(pom, end).toFile());
    }

    private static List<String> names(JarFile jar) {
        return jar.stream().map(JarEntry::getName).toList();
    }
}
