package io.github.springdrain.contract;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where classes were loaded from, so that other JVMs can load them too. */
public final class ClassPath {

    private ClassPath() {}

    /** The folder or jar that holds {@code type}. */
    static Path of(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException ex) {
            throw new IllegalStateException(ex);
        }
    }

    /** The command of a JVM that runs {@code main} with the places of {@code others} on its class path. */
    public static List<String> java(Class<?> main, Class<?>... others) {
        String path = Stream.concat(Stream.of(main), Stream.of(others))
                .map((type) -> of(type).toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        return List.of(
                ChildProcess.java(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path,
                main.getName());
    }
}
