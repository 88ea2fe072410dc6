// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A variant as Spring Boot's documentation lays it out for an image: extracted from its jar, with an archive of its classes
 * (CDS), which saves two fifths of the CPU of a start. It is made beside the jar, once for each jar and each JDK, by the
 * first who asks, in whichever JVM. Thread-safe.
 */
final class ApplicationImage {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final Map<Variant, List<String>> MADE = new EnumMap<>(Variant.class);

    private ApplicationImage() {}

    /** The arguments of {@code java} that run it. */
    static synchronized List<String> arguments(Variant variant) {
        return MADE.computeIfAbsent(variant, ApplicationImage::make);
    }

    private static List<String> make(Variant variant) {
        Path jar = variant.jar();
        try (FileChannel file = FileChannel.open(
                        jar.resolveSibling("image.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            Path directory = jar.resolveSibling("image-" + key(jar));
            Path extracted = directory.resolve(jar.getFileName());
            Path archive = directory.resolve("classes.jsa");
            if (lock.isValid() && !Files.exists(archive)) {
                extract(jar, directory);
                archive(extracted, archive);
            }
            return Files.exists(archive)
                    ? List.of("-XX:SharedArchiveFile=" + archive, "-jar", extracted.toString())
                    : List.of("-jar", extracted.toString());
        } catch (IOException ex) {
            throw new UncheckedIOException("No image of " + jar, ex);
        }
    }

    /** Another jar or another JDK is another image. */
    private static String key(Path jar) throws IOException {
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(jar));
        return Long.toHexString(sum.getValue())
                + Integer.toHexString(ChildProcess.java().hashCode());
    }

    private static void extract(Path jar, Path directory) {
        run("-Djarmode=tools", "-jar", jar.toString(), "extract", "--force", "--destination", directory.toString());
    }

    /**
     * Lets the application start and end; the JVM writes down the classes that it has loaded for that. One without an
     * archive of its own, as jlink makes it, writes none.
     */
    private static void archive(Path extracted, Path archive) throws IOException {
        Path written = archive.resolveSibling("classes.tmp");
        run(
                "-XX:ArchiveClassesAtExit=" + written,
                "-Dspring.context.exit=onRefresh",
                "-jar",
                extracted.toString(),
                "--server.port=0");
        if (Files.exists(written)) {
            Files.move(written, archive);
        }
    }

    private static void run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(ChildProcess.java()));
        command.addAll(SampleProcess.fastStart());
        command.addAll(List.of(arguments));
        Command.require(command, "", LIMIT);
    }
}
