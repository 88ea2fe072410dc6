// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.Ports;
import io.github.springdrain.contract.ProcessOutput;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The sample in a process of its own, with the JVM's own defaults except for the collector and the heap. */
final class SampleServer implements AutoCloseable {

    /** Spring Boot's own line, with the seconds since the start of the JVM; containers have others that begin alike. */
    private static final Pattern STARTED = Pattern.compile("Started .*process running for ([\\d.]+)");

    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    /** What every measurement adds to the application's arguments, on and off. */
    private static final List<String> ARGUMENTS = Arrays.stream(
                    System.getProperty("benchmark.arguments", "").split(" ", -1))
            .filter((argument) -> !argument.isEmpty())
            .toList();

    private final ChildProcess process;

    private final int port;

    private final String startedLine;

    private SampleServer(ChildProcess process, int port, String startedLine) {
        this.process = process;
        this.port = port;
        this.startedLine = startedLine;
    }

    static SampleServer start(Path jar, boolean drainEnabled) {
        return start(jar, drainEnabled, List.of(), List.of());
    }

    /** Starts it with arguments of the JVM and of the application beside. */
    static SampleServer start(Path jar, boolean drainEnabled, List<String> jvm, List<String> application) {
        int port = Ports.free();
        List<String> command = new ArrayList<>(List.of(ChildProcess.java(), "-XX:+UseSerialGC", "-Xmx512m"));
        command.addAll(jvm);
        command.addAll(
                List.of("-jar", jar.toString(), "--server.port=" + port, "--server.drain.enabled=" + drainEnabled));
        command.addAll(application);
        command.addAll(ARGUMENTS);
        ChildProcess process = ChildProcess.start(jar.getFileName() + (drainEnabled ? " on" : " off"), command);
        try {
            String line = process.output()
                    .await((each) -> STARTED.matcher(each).find(), START_LIMIT)
                    .text();
            return new SampleServer(process, port, line);
        } catch (AssertionError ex) {
            process.close();
            throw ex;
        }
    }

    /** The seconds from the start of the JVM to Spring Boot's own line. */
    double startSeconds() {
        Matcher matcher = STARTED.matcher(this.startedLine);
        if (!matcher.find()) {
            throw new IllegalStateException("No time in: " + this.startedLine);
        }
        return Double.parseDouble(matcher.group(1));
    }

    long pid() {
        return this.process.pid();
    }

    void terminate() {
        this.process.terminate();
    }

    /** What it has written. */
    ProcessOutput output() {
        return this.process.output();
    }

    int port() {
        return this.port;
    }

    /** The processor time of all its threads, in user and kernel mode; on Linux in steps of 10 ms. */
    Duration cpuTime() {
        return ProcessHandle.of(this.process.pid())
                .flatMap((handle) -> handle.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("No processor time of the server: "
                        + this.process.output().tail()));
    }

    @Override
    public void close() {
        this.process.close();
    }
}
