// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledFuture;

/** A short command that is run to its end, or killed at its limit; its two outputs are one. */
public final class Command {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Command() {}

    /** Runs it for at most 30 s. */
    public static Result run(String... command) {
        return run(List.of(command), LIMIT);
    }

    /** Runs it for at most {@code limit}; a command that does not exist ends with 127, as in a shell. */
    public static Result run(List<String> command, Duration limit) {
        return run(command, "", limit);
    }

    /** Runs it with {@code input}, for at most {@code limit}. */
    public static Result run(List<String> command, String input, Duration limit) {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException ex) {
            return new Result(127, String.valueOf(ex.getMessage()));
        }
        ScheduledFuture<?> kill = BoundedWrites.after(limit, process::destroyForcibly);
        try (InputStream output = process.getInputStream()) {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), text.strip());
        } catch (IOException ex) {
            throw new UncheckedIOException(String.join(" ", command), ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in: " + String.join(" ", command), ex);
        } finally {
            kill.cancel(false);
            process.destroyForcibly();
        }
    }

    /**
     * Runs it and returns what it wrote.
     *
     * @throws IllegalStateException if it does not end with 0; the message has what it wrote
     */
    public static String require(String... command) {
        return require(List.of(command), "");
    }

    /**
     * Runs it with {@code input} and returns what it wrote.
     *
     * @throws IllegalStateException if it does not end with 0; the message has what it wrote
     */
    public static String require(List<String> command, String input) {
        return require(command, input, LIMIT);
    }

    /** The same with another limit than 30 s. */
    public static String require(List<String> command, String input, Duration limit) {
        Result result = run(command, input, limit);
        if (result.code() != 0) {
            throw new IllegalStateException(
                    "%s ended with %d: %s".formatted(String.join(" ", command), result.code(), result.output()));
        }
        return result.output();
    }

    /**
     * The end of a command.
     *
     * @param code its exit code
     * @param output what it wrote, without space around it
     */
    public record Result(int code, String output) {}
}
