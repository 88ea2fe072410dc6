// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real proxy in a namespace on the pods' network, with a folder of its own for its files. Thread-safe. */
final class ProxyProcess implements AutoCloseable {

    /** The port that clients dial. */
    static final int PORT = 80;

    private static final int HOST = 2;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(50);

    private final String name;

    private final Namespace namespace;

    private final Path folder;

    private @Nullable ChildProcess process;

    private ProxyProcess(String name, Namespace namespace, Path folder) {
        this.name = name;
        this.namespace = namespace;
        this.folder = folder;
    }

    /** A proxy that is still to be started. */
    static ProxyProcess in(Network network, String name) {
        try {
            return new ProxyProcess(name, network.attach(name, HOST), Files.createTempDirectory("drain-" + name));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Its address. */
    static String host() {
        return Network.address(HOST);
    }

    /** Where its files are. */
    Path folder() {
        return this.folder;
    }

    /** Writes one of its files. */
    void write(String file, String text) {
        try {
            Files.writeString(this.folder.resolve(file), text);
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Whether it was started. */
    synchronized boolean isStarted() {
        return this.process != null;
    }

    /** Starts it and waits until it listens. */
    synchronized void start(String... command) {
        ChildProcess started = ChildProcess.start(this.name, this.namespace.inside(List.of(command)));
        this.process = started;
        await("listens", () -> run("ss", "-Hltn", "sport", "=", ":" + PORT).contains("LISTEN"));
    }

    /** Has it read its configuration again. */
    void reload() {
        // The shell's own kill: the command of that name is in a package that not every system has.
        Command.require("sh", "-c", "kill -HUP " + pid());
    }

    /** The process ids of its workers. */
    Set<Long> children() {
        return ProcessHandle.of(pid()).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private synchronized long pid() {
        if (this.process == null) {
            throw new IllegalStateException(this.name + " has not been started");
        }
        return this.process.pid();
    }

    /** What a command writes that runs beside it. */
    String run(String... command) {
        return Command.run(this.namespace.inside(List.of(command)), LIMIT).output();
    }

    /** Waits until {@code condition} holds; {@code what} is what messages call it. */
    void await(String what, BooleanSupplier condition) {
        Poll.until(this.name + " " + what, LIMIT, POLL, condition);
    }

    @Override
    public synchronized void close() {
        if (this.process != null) {
            this.process.close();
        }
        this.namespace.close();
        try (Stream<Path> files = Files.walk(this.folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach((file) -> file.toFile().delete());
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
