// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What another JVM uses, as its {@code jcmd} and {@code /proc} say. */
public final class JvmUse {

    private static final int FEWEST_COLLECTIONS = 3;

    private static final int MOST_COLLECTIONS = 12;

    private JvmUse() {}

    /**
     * The sum of what is in use after garbage collections, in kilobytes. It collects until a collection frees nothing
     * more: what was finalized goes with one of the next.
     *
     * @param used finds in each line of {@code GC.heap_info} that counts how many kilobytes are in use, as its first group
     */
    public static long kilobytes(long pid, Pattern used) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < MOST_COLLECTIONS; i++) {
            long kilobytes = kilobytesAfterCollection(Long.toString(pid), used);
            if (i >= FEWEST_COLLECTIONS && kilobytes >= least) {
                break;
            }
            least = Math.min(least, kilobytes);
        }
        return least;
    }

    private static long kilobytesAfterCollection(String process, Pattern used) {
        String jcmd = Path.of(ChildProcess.java()).resolveSibling("jcmd").toString();
        Command.require(jcmd, process, "GC.run");
        Matcher matcher = used.matcher(Command.require(jcmd, process, "GC.heap_info"));
        long kilobytes = 0;
        while (matcher.find()) {
            kilobytes += Long.parseLong(matcher.group(1));
        }
        return kilobytes;
    }

    /** How many threads it has; -1 where nobody can tell. */
    public static int threads(long pid) {
        return count(pid, "task");
    }

    /** The first 15 characters of each thread's name, sorted; those that end meanwhile are left out. */
    public static List<String> threadNames(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.map(JvmUse::name).flatMap(Optional::stream).sorted().toList();
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static Optional<String> name(Path thread) {
        try {
            return Optional.of(Files.readString(thread.resolve("comm")).strip());
        } catch (IOException ex) {
            return Optional.empty();
        }
    }

    /** How many file descriptors it has open; -1 where nobody can tell. */
    public static int descriptors(long pid) {
        return count(pid, "fd");
    }

    private static int count(long pid, String what) {
        String[] names = Path.of("/proc", Long.toString(pid), what).toFile().list();
        return (names != null) ? names.length : -1;
    }
}
