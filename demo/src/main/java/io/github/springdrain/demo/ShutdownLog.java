// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import io.github.springdrain.contract.ProcessOutput;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process logged from SIGTERM on.
 *
 * @param entries its lines
 */
record ShutdownLog(List<Entry> entries) {

    private static final Pattern PHASE = Pattern.compile("\\bDrain ([A-Z][A-Z_]+)\\b");

    private static final Pattern BOOT_PREFIX = Pattern.compile("^\\d{4}-\\S+\\s+[A-Z]+ \\d+ --- .*? : ");

    static ShutdownLog of(List<ProcessOutput.Line> lines, long signalAtNanos) {
        return new ShutdownLog(lines.stream()
                .filter((line) ->
                        line.atNanos() >= signalAtNanos && !line.text().isBlank())
                .map((line) -> new Entry(
                        TimeUnit.NANOSECONDS.toMillis(line.atNanos() - signalAtNanos),
                        BOOT_PREFIX.matcher(line.text()).replaceFirst("")))
                .toList());
    }

    /** When each phase of the drain began, in order. */
    List<Phase> phases() {
        return this.entries.stream().flatMap(ShutdownLog::phase).toList();
    }

    /** The drain's own account in one line. */
    Optional<String> report() {
        return this.entries.stream()
                .map(Entry::text)
                .filter((text) -> text.toLowerCase(Locale.ROOT).startsWith("drain report"))
                .findFirst();
    }

    private static Stream<Phase> phase(Entry entry) {
        Matcher matcher = PHASE.matcher(entry.text());
        return matcher.find() ? Stream.of(new Phase(matcher.group(1), entry.atMillis())) : Stream.empty();
    }

    /**
     * One line.
     *
     * @param atMillis milliseconds from SIGTERM until it was read
     * @param text the message, without Boot's time, level, thread and logger
     */
    record Entry(long atMillis, String text) {}

    /**
     * The beginning of a phase.
     *
     * @param name its name
     * @param atMillis milliseconds from SIGTERM
     */
    record Phase(String name, long atMillis) {}
}
