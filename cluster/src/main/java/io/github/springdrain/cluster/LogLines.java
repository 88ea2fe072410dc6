// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a container's log while it is written, on a thread of its own, by asking for the log again and again. */
final class LogLines {

    private static final Duration INTERVAL = Duration.ofMillis(500);

    private LogLines() {}

    /** Gives each whole line to {@code lines}, and runs {@code end} when there is no log any more. */
    static void follow(String name, Supplier<@Nullable String> log, Consumer<String> lines, Runnable end) {
        Thread thread = new Thread(() -> read(name, log, lines, end), name);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * When the line was written, by the clock of its node; now where it does not say. A log is read up to half a second
     * later than it is written, which is longer than clocks differ.
     */
    static long millisOf(String line) {
        try {
            return OffsetDateTime.parse(line.split(" ", 2)[0]).toInstant().toEpochMilli();
        } catch (DateTimeParseException ex) {
            return System.currentTimeMillis();
        }
    }

    private static void read(String name, Supplier<@Nullable String> log, Consumer<String> lines, Runnable end) {
        int given = 0;
        try {
            for (String text = log.get(); text != null; text = log.get()) {
                int whole = text.lastIndexOf('\n') + 1;
                if (whole > given) {
                    text.substring(given, whole).lines().forEach(lines);
                    given = whole;
                }
                LockSupport.parkNanos(INTERVAL.toNanos());
            }
        } catch (KubernetesClientException ex) {
            if (ex.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
                System.err.printf("%s cannot be read: %s%n", name, ex.getMessage());
            }
        } finally {
            end.run();
        }
    }
}
