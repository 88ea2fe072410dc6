// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * The accept queue of a listener as the kernel counts it: {@code rx_queue} of the LISTEN row in {@code /proc/net/tcp}
 * and {@code tcp6} of this network namespace. Proves that a test which needs connections there has them.
 */
public final class Backlog {

    private static final String LISTEN = "0A";

    private Backlog() {}

    /** Connections that the kernel has completed for {@code port} and nobody has accepted. */
    public static int length(int port) {
        String suffix = ":%04X".formatted(port);
        return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
                .flatMap((file) -> rows(file).stream())
                .filter((row) -> row[1].endsWith(suffix))
                .mapToInt((row) -> Integer.parseInt(row[4].substring(row[4].indexOf(':') + 1), 16))
                .sum();
    }

    /**
     * Waits until at least {@code expected} connections are there.
     *
     * @throws AssertionError if they are not after {@code limit}: what the test wanted to show is then not shown
     */
    public static void await(int port, int expected, Duration limit) {
        await(port, (length) -> length >= expected, "at least " + expected, limit);
    }

    /**
     * Waits until everything has been accepted.
     *
     * @throws AssertionError if it has not after {@code limit}
     */
    public static void awaitEmpty(int port, Duration limit) {
        await(port, (length) -> length == 0, "none", limit);
    }

    private static void await(int port, IntPredicate wanted, String expected, Duration limit) {
        AtomicInteger length = new AtomicInteger();
        boolean reached = Moment.awaitThat(
                () -> {
                    length.set(length(port));
                    return wanted.test(length.get());
                },
                limit);
        if (!reached) {
            throw new AssertionError("%d connections in the accept queue of port %d after %s (expected: %s)"
                    .formatted(length.get(), port, limit, expected));
        }
    }

    /** Listening sockets come first. What follows takes long to read where connections are many. */
    private static List<String[]> rows(String file) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.skip(1)
                    .map((line) -> line.trim().split("\\s+"))
                    .takeWhile((row) -> row[3].equals(LISTEN))
                    .toList();
        } catch (NoSuchFileException ex) {
            return List.of();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
