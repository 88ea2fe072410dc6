// SPDX-License-Identifier: Apache-2.0
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

    /** The whole class path of the tests. Surefire names it, as its own is that of the booter. */
    public static String ofTests() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** The command of a JVM with the class path of the tests, without a main class. */
    public static List<String> javaOfTests() {
        return javaWith(ofTests());
    }

    /** The command of a JVM that is up soon, with another class path, without a main class. */
    public static List<String> javaWith(String path) {
        return List.of(
                ChildProcess.java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path);
    }
}
