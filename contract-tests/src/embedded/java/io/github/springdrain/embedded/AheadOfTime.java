// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ClassPath;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Processes an application ahead of time, as the build plugins of Spring Boot do it. */
final class AheadOfTime {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String CLASS_PATH = ClassPath.ofTests();

    private AheadOfTime() {}

    /** Returns the class path of the tests, with what was generated in front of it. */
    static String process(Class<?> application, Path directory, String... arguments) throws IOException {
        Path sources = Files.createDirectories(directory.resolve("sources"));
        Path resources = Files.createDirectories(directory.resolve("resources"));
        Path classes = Files.createDirectories(directory.resolve("classes"));
        List<String> command = new ArrayList<>(ClassPath.javaWith(CLASS_PATH));
        command.addAll(List.of(
                "org.springframework.boot.SpringApplicationAotProcessor",
                application.getName(),
                sources.toString(),
                resources.toString(),
                classes.toString(),
                "io.github.springdrain",
                "application"));
        command.addAll(List.of(arguments));
        try (ChildProcess processor = ChildProcess.start("ahead-of-time-processor", command)) {
            assertThat(processor.awaitExit(LIMIT).code())
                    .as(processor.output()::tail)
                    .isZero();
        }
        compile(sources, classes);
        return String.join(File.pathSeparator, classes.toString(), resources.toString(), CLASS_PATH);
    }

    private static void compile(Path sources, Path classes) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", CLASS_PATH));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter((file) -> file.endsWith(".java")).forEach(arguments::add);
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }
}
