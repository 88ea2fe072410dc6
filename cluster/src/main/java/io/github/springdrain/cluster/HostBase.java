// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import io.github.springdrain.contract.Command;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The beginning of an image, made of what this host has, where no registry is reached: a JDK, a shell, curl and the
 * libraries that they need. For tests of this project only.
 */
final class HostBase {

    /** What is not there at run time, and large. */
    private static final Set<String> LEFT_OUT =
            Set.of("jmods", "src.zip", "lib/src.zip", "demo", "include", "legal", "man");

    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

    private static final String JDK = "/jdk";

    private HostBase() {}

    /** One with the JDK at {@code home}; {@code work} is a folder for what has to be written. */
    static JibContainerBuilder on(Path home, Path work) throws IOException {
        if (!Files.isExecutable(home.resolve("bin/java"))) {
            throw new IllegalArgumentException(
                    "No JDK at '%s': with cluster.base=%s, cluster.jdks has homes, as 17=/usr/lib/jvm/java-17"
                            .formatted(home, Settings.HOST));
        }
        return Jib.fromScratch()
                .addFileEntriesLayer(system(home, work))
                .addFileEntriesLayer(jdk(home))
                .addEnvironmentVariable("PATH", JDK + "/bin:/usr/bin:/bin")
                .addEnvironmentVariable("JAVA_HOME", JDK);
    }

    private static FileEntriesLayer system(Path home, Path work) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("system");
        Path shell = program("sh");
        Path curl = program("curl");
        add(layer, shell, "/bin/sh", true);
        add(layer, curl, "/usr/bin/curl", true);
        Set<Path> binaries = new TreeSet<>(List.of(shell, curl, home.resolve("bin/java")));
        try (Stream<Path> files = Files.walk(home.resolve("lib"), FileVisitOption.FOLLOW_LINKS)) {
            files.filter((file) -> file.toString().endsWith(".so")).forEach(binaries::add);
        }
        for (Path library : libraries(binaries)) {
            if (!library.startsWith(home.toRealPath())) {
                add(layer, library, library.toString(), true);
            }
        }
        Path users = Files.createDirectories(work).resolve("passwd");
        Files.writeString(users, "root:x:0:0:root:/:/bin/sh\nnobody:x:65532:65532:nobody:/:/bin/sh\n");
        add(layer, users, "/etc/passwd", false);
        Path empty = Files.createDirectories(work.resolve("empty"));
        layer.addEntry(empty, AbsoluteUnixPath.get("/tmp"), FilePermissions.fromOctalString("777"));
        return layer.build();
    }

    private static FileEntriesLayer jdk(Path home) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("jdk");
        Path real = home.toRealPath();
        try (Stream<Path> files = Files.walk(real, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String name = real.relativize(file).toString();
                boolean leftOut = LEFT_OUT.stream().anyMatch((out) -> name.equals(out) || name.startsWith(out + "/"));
                if (Files.isRegularFile(file) && !leftOut) {
                    add(layer, file, JDK + "/" + name, Files.isExecutable(file));
                }
            }
        }
        return layer.build();
    }

    private static Set<Path> libraries(Set<Path> binaries) {
        Set<Path> libraries = new TreeSet<>();
        for (Path binary : binaries) {
            Matcher matcher =
                    LIBRARY.matcher(Command.run("ldd", binary.toString()).output());
            while (matcher.find()) {
                libraries.add(Path.of(matcher.group(1)));
            }
        }
        return libraries;
    }

    private static Path program(String name) {
        return Stream.of("/usr/bin", "/bin")
                .map((folder) -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "cluster.base=%s needs %s on this host".formatted(Settings.HOST, name)));
    }

    private static void add(FileEntriesLayer.Builder layer, Path file, String path, boolean executable)
            throws IOException {
        layer.addEntry(
                file.toRealPath(),
                AbsoluteUnixPath.get(path),
                FilePermissions.fromOctalString(executable ? "755" : "644"));
    }
}
