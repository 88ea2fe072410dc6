// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.ClassPath;
import io.github.springdrain.contract.Ports;
import io.github.springdrain.contract.ProcessOutput;
import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.SampleProcess;
import io.github.springdrain.contract.TlsMaterial;
import java.io.File;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An application in a process of its own, with the starter as the only thing added to it. Killed when closed. */
final class ApplicationProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private static final Pattern STARTED = Pattern.compile("Started \\S+ in [\\d.,]+ seconds");

    private final ChildProcess process;

    private final int port;

    private ApplicationProcess(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** An application that is still to be started. */
    static Builder of(Class<?> main) {
        return new Builder(main);
    }

    /** A client of the port that the application was given as {@code server.port}. */
    RawClient client() {
        return client(this.port);
    }

    /** A client of another port of the application. */
    RawClient client(int otherPort) {
        return RawClient.plain("localhost", otherPort);
    }

    /** A client of the same port, with TLS. */
    RawClient tlsClient() {
        return RawClient.tls("localhost", this.port);
    }

    /** The certificate that the port presents now. */
    X509Certificate certificate() throws IOException {
        return TlsMaterial.presentedOn(this.port);
    }

    /** What the application logs. */
    ProcessOutput output() {
        return this.process.output();
    }

    /** Waits for a line of its log. */
    void awaitLine(String part) {
        output().await((line) -> line.contains(part), START_LIMIT);
    }

    /** Sends SIGTERM and returns the {@link System#nanoTime()} of it. */
    long terminate() {
        return this.process.terminate();
    }

    /** Waits for the end. */
    ChildProcess.Exit awaitExit() {
        return this.process.awaitExit(Duration.ofSeconds(90));
    }

    @Override
    public void close() {
        this.process.close();
    }

    /** What an application is started with. */
    static final class Builder {

        private final Class<?> main;

        private final List<String> arguments = new ArrayList<>();

        private final List<String> jvmArguments = new ArrayList<>();

        private List<String> prefix = List.of();

        private Predicate<String> classPath = (entry) -> true;

        private Builder(Class<?> main) {
            this.main = main;
        }

        /** Adds arguments of the application. */
        Builder with(String... more) {
            this.arguments.addAll(List.of(more));
            return this;
        }

        /** Adds arguments of the JVM. */
        Builder withJvm(String... more) {
            this.jvmArguments.addAll(List.of(more));
            return this;
        }

        /** Lets another command start the JVM, such as one that gives up privileges. */
        Builder startedBy(String... command) {
            this.prefix = List.of(command);
            return this;
        }

        /** Leaves a jar out whose file name begins so. */
        Builder without(String jar) {
            this.classPath =
                    this.classPath.and((entry) -> !new File(entry).getName().startsWith(jar));
            return this;
        }

        /** Switches the drain off or leaves it on: without it the application is the control. */
        Builder drain(boolean enabled) {
            return enabled ? this : with("--server.drain.enabled=false");
        }

        /** Starts it and waits until Spring Boot says that it has started. */
        ApplicationProcess start() {
            int port = Ports.free();
            ChildProcess process = ChildProcess.start(this.main.getSimpleName(), command(port));
            try {
                process.output().await((line) -> STARTED.matcher(line).find(), START_LIMIT);
                return new ApplicationProcess(process, port);
            } catch (AssertionError | RuntimeException ex) {
                process.close();
                throw ex;
            }
        }

        private List<String> command(int port) {
            List<String> command = new ArrayList<>(this.prefix);
            command.add(ChildProcess.java());
            command.addAll(SampleProcess.fastStart());
            command.addAll(this.jvmArguments);
            command.addAll(List.of("-cp", path(), this.main.getName(), "--server.port=" + port));
            command.addAll(this.arguments);
            return command;
        }

        private String path() {
            return Stream.of(ClassPath.ofTests().split(File.pathSeparator))
                    .filter(this.classPath)
                    .collect(Collectors.joining(File.pathSeparator));
        }
    }
}
