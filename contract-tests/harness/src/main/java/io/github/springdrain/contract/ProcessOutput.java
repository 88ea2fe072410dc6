// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The lines a process writes, each with the moment it was read. Kept in a file too, for whoever has to find out why a
 * test has failed, where the system property {@code contract.logs} names a folder. Thread-safe.
 */
public final class ProcessOutput {

    private static final int TAIL_LINES = 40;

    private final String name;

    private final List<Line> lines = new ArrayList<>();

    private final Thread reader;

    private boolean ended;

    ProcessOutput(String name, Process process) {
        this.name = name;
        this.reader = new Thread(() -> read(process), name + "-output");
        this.reader.setDaemon(true);
        this.reader.start();
    }

    /** All lines so far. */
    public synchronized List<Line> lines() {
        return List.copyOf(this.lines);
    }

    /** The texts of all lines so far that {@code filter} takes. */
    public List<String> lines(Predicate<String> filter) {
        return lines().stream().map(Line::text).filter(filter).toList();
    }

    /** Everything so far. */
    public String text() {
        return lines().stream().map(Line::text).collect(Collectors.joining("\n"));
    }

    /** The last lines, for messages. */
    public String tail() {
        List<Line> all = lines();
        return all.subList(Math.max(0, all.size() - TAIL_LINES), all.size()).stream()
                .map(Line::text)
                .collect(Collectors.joining("\n"));
    }

    /** The number of lines so far: where a later {@link #await(int, Predicate, Duration)} starts to look. */
    public synchronized int mark() {
        return this.lines.size();
    }

    /** Waits for a line from the very start of the output. */
    public Line await(Predicate<String> wanted, Duration limit) {
        return await(0, wanted, limit);
    }

    /**
     * Waits for a line at or after {@code mark}.
     *
     * @throws AssertionError if it has not come after {@code limit}, or the process has ended without it
     */
    public synchronized Line await(int mark, Predicate<String> wanted, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        int next = mark;
        try {
            while (true) {
                for (; next < this.lines.size(); next++) {
                    if (wanted.test(this.lines.get(next).text())) {
                        return this.lines.get(next);
                    }
                }
                long left = deadline - System.nanoTime();
                if (this.ended || left <= 0) {
                    throw missing(limit);
                }
                wait(left / 1_000_000 + 1);
            }
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + this.name, ex);
        }
    }

    private AssertionError missing(Duration limit) {
        String what =
                this.ended ? "ended without the line waited for" : "did not write the line waited for in " + limit;
        return new AssertionError("%s %s; its last lines:%n%s".formatted(this.name, what, tail()));
    }

    void awaitEnd(Duration limit) {
        try {
            this.reader.join(limit.toMillis());
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void add(String text) {
        this.lines.add(new Line(System.nanoTime(), text));
        notifyAll();
    }

    private synchronized void end() {
        this.ended = true;
        notifyAll();
    }

    private void read(Process process) {
        try (BufferedReader source =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                Writer file = file(process)) {
            for (@Nullable String line = source.readLine(); line != null; line = source.readLine()) {
                add(line);
                file.write(line + "\n");
            }
        } catch (IOException ex) {
            add("(its output broke off: " + ex.getMessage() + ")");
        } finally {
            end();
        }
    }

    private Writer file(Process process) throws IOException {
        String folder = System.getProperty("contract.logs", "");
        if (folder.isBlank()) {
            return Writer.nullWriter();
        }
        Path file = Path.of(folder, "%s-%d.log".formatted(this.name, process.pid()));
        Files.createDirectories(file.getParent());
        return Files.newBufferedWriter(file);
    }

    /**
     * One line.
     *
     * @param atNanos when it was read, as {@link System#nanoTime()}
     * @param text the line
     */
    public record Line(long atNanos, String text) {}
}
