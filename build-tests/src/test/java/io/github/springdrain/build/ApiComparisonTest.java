// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.Drain;
import japicmp.cmp.JApiCmpArchive;
import japicmp.cmp.JarArchiveComparator;
import japicmp.cmp.JarArchiveComparatorOptions;
import japicmp.config.Options;
import japicmp.filter.JavadocLikePackageFilter;
import japicmp.model.JApiClass;
import japicmp.output.semver.SemverOut;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a release compares with the one before it, by the setting that the release has, between two jars made here. */
class ApiComparisonTest {

    private static final String API = "io.github.springdrain";

    private static final String INTERNAL = API + ".engine";

    private static final String BEFORE = "public void start() {} public void stop() {} void reset() {}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a public method is removed   | io.github.springdrain        | public void start() {} void reset() {}                                            | true
            a public method is added     | io.github.springdrain        | public void start() {} public void stop() {} public void end() {} void reset() {} | false
            a method is no longer there  | io.github.springdrain        | public void start() {} public void stop() {}                                      | false
            what is internal has changed | io.github.springdrain.engine | public void start() {}                                                            | false
            """)
    void asksForANewMajorVersionWhereTheApiBreaks(String change, String type, String after, boolean breaks)
            throws IOException {
        File old = jar("old", type, BEFORE);
        File next = jar("new", type, after);
        assertThat(increment(old, next).equals("1.0.0")).as(change).isEqualTo(breaks);
    }

    /** The jar that is built now, so that what the comparison is made for is what it looks at. */
    @Test
    void comparesThePublicTypesOfTheLibraryAndNothingBelow() throws IOException, URISyntaxException {
        File library = library();
        assertThat(compare(library, library))
                .extracting(JApiClass::getFullyQualifiedName)
                .contains(Drain.class.getName())
                .allMatch((name) -> name.matches("io\\.github\\.springdrain\\.[A-Z].*"));
    }

    /** The number of the version that has to change, by semantic versioning. */
    private static String increment(File old, File next) {
        return new SemverOut(Options.newDefault(), compare(old, next)).generate();
    }

    private static List<JApiClass> compare(File old, File next) {
        JarArchiveComparatorOptions options = new JarArchiveComparatorOptions();
        options.getIgnoreMissingClasses().setIgnoreAllMissingClasses(true);
        options.getFilters().getIncludes().add(new JavadocLikePackageFilter(API, true));
        return new JarArchiveComparator(options)
                .compare(new JApiCmpArchive(old, "0.1.0"), new JApiCmpArchive(next, "0.2.0"));
    }

    @Test
    void isSetUpSoInTheRelease() throws IOException {
        String pom = ProjectFile.text("drain-spring-boot-autoconfigure/pom.xml");
        Matcher plugin = Pattern.compile("<artifactId>japicmp-maven-plugin</artifactId>.*?</plugin>", Pattern.DOTALL)
                .matcher(pom);
        assertThat(plugin.find()).isTrue();
        assertThat(plugin.group().replaceAll("\\s+", ""))
                .contains("<includes><include>" + API + "</include></includes>")
                .contains("<includeExclusively>true</includeExclusively>")
                .contains("<breakBuildBasedOnSemanticVersioning>true</breakBuildBasedOnSemanticVersioning>")
                .contains("<phase>verify</phase>");
    }

    private File jar(String name, String type, String members) throws IOException {
        Path source = Files.createDirectories(this.folder.resolve(name)).resolve("Api.java");
        Files.writeString(source, "package " + type + "; public class Api { " + members + " }");
        Path other = source.resolveSibling("Other.java");
        Files.writeString(other, "package " + (type.equals(API) ? INTERNAL : API) + "; public class Other {}");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path classes = Files.createDirectories(source.resolveSibling("classes"));
        assertThat(compiler.run(null, null, null, "-d", classes.toString(), source.toString(), other.toString()))
                .isZero();
        Path jar = source.resolveSibling("api.jar");
        pack(classes, jar);
        return jar.toFile();
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
    }

    private File library() throws IOException, URISyntaxException {
        Path library = Path.of(
                Drain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (!Files.isDirectory(library)) {
            return library.toFile();
        }
        Path jar = this.folder.resolve("library.jar");
        pack(library, jar);
        return jar.toFile();
    }
}
