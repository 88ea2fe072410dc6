// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Another process of the same Java, with a class path and options of its own. */
final class ChildJvm implements Closeable {

    private final Process process;

    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a main class with what the classes around it need. */
    static ChildJvm start(List<String> options, List<Class<?>> classPath, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(classPath.stream().map(ChildJvm::location).distinct().collect(Collectors.joining(":")));
        command.add(main.getName());
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        return new ChildJvm(
                builder.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    }

    /** The next line it prints. */
    String line() throws IOException {
        String line = this.output.readLine();
        assertThat(line).as("a line of %s", this.process.info().commandLine()).isNotNull();
        return line;
    }

    @Override
    public void close() throws IOException {
        this.process.destroyForcibly();
        try {
            assertThat(this.process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        this.output.close();
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException ex) {
            throw new IllegalArgumentException(ex);
        }
    }
}
