// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A sample application whose context is opened and closed many times in one JVM, on one port: a listener's closing is
 * over in milliseconds and a start in a fraction of a process start. Used by one thread.
 */
public final class CyclingServer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final ChildProcess process;

    private final int port;

    private final Container container;

    private CyclingServer(ChildProcess process, int port, Container container) {
        this.process = process;
        this.port = port;
        this.container = container;
    }

    /** Starts the JVM in this network namespace, with options of its own. */
    public static CyclingServer start(Variant variant, String... jvmArguments) {
        return start(List.of(), variant, Ports.free(), jvmArguments);
    }

    /** Starts the JVM with {@code prefix} before its command; its contexts will listen on {@code port}. */
    public static CyclingServer start(List<String> prefix, Variant variant, int port, String... jvmArguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(ChildProcess.java());
        command.addAll(SampleProcess.fastStart());
        command.addAll(List.of(jvmArguments));
        command.addAll(variant.launching(ContextCycler.class));
        return new CyclingServer(ChildProcess.start(variant.id() + "-cycler", command), port, variant.container());
    }

    /** The port of every context. */
    public int port() {
        return this.port;
    }

    /** The process id. */
    public long pid() {
        return this.process.pid();
    }

    /** What it logs. */
    public ProcessOutput output() {
        return this.process.output();
    }

    /** Starts a context and waits until it serves. */
    public void open(List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("--server.port=" + this.port));
        all.addAll(this.container.argumentsBeside(arguments));
        all.addAll(arguments);
        send("open\t" + String.join("\t", all));
    }

    /** Closes the context, as a signal would, and waits until that is over. */
    public void closeContext() {
        send("close");
    }

    @Override
    public void close() {
        this.process.close();
    }

    private void send(String command) {
        int mark = this.process.output().mark();
        this.process.send(command);
        this.process.output().await(mark, (line) -> line.startsWith(ContextCycler.PREFIX), LIMIT);
    }
}
