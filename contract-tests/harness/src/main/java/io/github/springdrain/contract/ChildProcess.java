// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A process started here, whose output is kept, whose signals are real and which never outlives {@link #close()} or
 * this JVM. Thread-safe.
 */
public final class ChildProcess implements AutoCloseable {

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private static final Set<Process> alive = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> alive.forEach(Process::destroyForcibly), "contract-processes"));
    }

    private final String name;

    private final Process process;

    private final ProcessOutput output;

    private final CompletableFuture<Exit> exit;

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.output = new ProcessOutput(name, process);
        this.exit = process.onExit().thenApply((ended) -> {
            long now = System.nanoTime();
            alive.remove(ended);
            return new Exit(ended.exitValue(), now);
        });
    }

    /** Starts {@code command}; {@code name} is what messages call it. */
    public static ChildProcess start(String name, List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            alive.add(process);
            return new ChildProcess(name, process);
        } catch (IOException ex) {
            throw new UncheckedIOException("Cannot start " + name + ": " + String.join(" ", command), ex);
        }
    }

    /** The {@code java} that servers are run with: system property {@code contract.java.home}, else this JVM's own. */
    public static String java() {
        String home = System.getProperty("contract.java.home", "");
        return Path.of(home.isBlank() ? System.getProperty("java.home") : home, "bin", "java")
                .toString();
    }

    /** Ends this JVM with its parent, and what it has started with it: a build that is killed leaves nothing behind. */
    public static void endWithParent() {
        ProcessHandle.current().parent().ifPresent((parent) -> {
            var unused = parent.onExit().thenRun(() -> System.exit(1));
        });
    }

    /** What it has written so far, and will write. */
    public ProcessOutput output() {
        return this.output;
    }

    /** The process id. */
    public long pid() {
        return this.process.pid();
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return this.process.isAlive();
    }

    /** Writes one line to its standard input. */
    public void send(String line) {
        try {
            this.process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            this.process.getOutputStream().flush();
        } catch (IOException ex) {
            throw new UncheckedIOException(
                    this.name + " takes no more commands; its output: " + this.output.tail(), ex);
        }
    }

    /** Sends SIGTERM and returns the {@link System#nanoTime()} of it. */
    public long terminate() {
        long now = System.nanoTime();
        // Not the process's own method, which would close the streams: what it says while it leaves counts.
        this.process.toHandle().destroy();
        return now;
    }

    /**
     * Sends a signal by its name without {@code SIG}, and returns the {@link System#nanoTime()} before it. After
     * {@code STOP}, which every thread obeys when it runs next, it waits until all of them have.
     */
    public long signal(String signal) {
        long now = System.nanoTime();
        Command.require("kill", "-" + signal, Long.toString(pid()));
        if (signal.equals("STOP")) {
            awaitStopped();
        }
        return now;
    }

    private void awaitStopped() {
        if (!Moment.awaitThat(this::isStopped, STOP_LIMIT)) {
            throw new AssertionError("%s has not stopped after %s".formatted(this.name, STOP_LIMIT));
        }
    }

    private boolean isStopped() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
            for (Path thread : threads.toList()) {
                if (!Files.readString(thread.resolve("status")).contains("State:\tT")) {
                    return false;
                }
            }
            return true;
        } catch (IOException ex) {
            // A thread has ended meanwhile.
            return false;
        }
    }

    /**
     * Waits for the end.
     *
     * @throws AssertionError if it has not ended after {@code limit}
     */
    public Exit awaitExit(Duration limit) {
        try {
            return this.exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException ex) {
            throw new AssertionError(
                    "%s still runs after %s; its last lines:%n%s".formatted(this.name, limit, this.output.tail()), ex);
        } catch (ExecutionException ex) {
            throw new IllegalStateException(ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    /** The most threads that the kernel is seen to count from here to its end, or until {@code limit}. */
    public int peakThreads(Duration limit) {
        Path tasks = Path.of("/proc", Long.toString(pid()), "task");
        long start = System.nanoTime();
        int peak = 0;
        while (isAlive() && System.nanoTime() - start < limit.toNanos()) {
            String[] threads = tasks.toFile().list();
            peak = Math.max(peak, (threads != null) ? threads.length : 0);
            LockSupport.parkNanos(5_000_000);
        }
        return peak;
    }

    /** Whether the kernel has a file mapped for it whose path contains {@code name}. */
    boolean hasLoaded(String name) {
        try (Stream<String> maps = Files.lines(Path.of("/proc", Long.toString(pid()), "maps"))) {
            return maps.anyMatch((line) -> line.contains(name));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Kills it if it still runs, and waits until it is gone. */
    @Override
    public void close() {
        this.process.toHandle().destroyForcibly();
        awaitExit(Duration.ofSeconds(30));
        this.output.awaitEnd(Duration.ofSeconds(5));
    }

    /**
     * The end of a process.
     *
     * @param code the exit code; 128 and the signal's number when a signal ended it
     * @param atNanos when it was seen, as {@link System#nanoTime()}
     */
    public record Exit(int code, long atNanos) {

        /** The time from {@code nanos}, a reading of {@link System#nanoTime()}, to the end. */
        public Duration since(long nanos) {
            return Duration.ofNanos(this.atNanos - nanos);
        }
    }
}
