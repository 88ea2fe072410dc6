// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** A runnable variant of the sample application: one line of Spring Boot with one container. */
public enum Variant {

    /** Spring Boot 3.5 with Tomcat 10.1. */
    BOOT3_TOMCAT("boot3-tomcat", Container.TOMCAT),

    /** Spring Boot 3.5 with Jetty 12.0. */
    BOOT3_JETTY("boot3-jetty", Container.JETTY),

    /** Spring Boot 3.5 with Undertow 2.3. */
    BOOT3_UNDERTOW("boot3-undertow", Container.UNDERTOW),

    /** Spring Boot 3.5 with Reactor Netty 1.2. */
    BOOT3_NETTY("boot3-netty", Container.NETTY),

    /** Spring Boot 4.1 with Tomcat 11. */
    BOOT4_TOMCAT("boot4-tomcat", Container.TOMCAT),

    /** Spring Boot 4.1 with Jetty 12.1. */
    BOOT4_JETTY("boot4-jetty", Container.JETTY),

    /** Spring Boot 4.1 with Reactor Netty 1.3. */
    BOOT4_NETTY("boot4-netty", Container.NETTY);

    private static final String LAUNCHER = "org.springframework.boot.loader.launch.PropertiesLauncher";

    private final String id;

    private final Container container;

    Variant(String id, Container container) {
        this.id = id;
        this.container = container;
    }

    /**
     * The variants whose ids a system property lists, with commas between them; all of them if it is not set.
     *
     * @throws IllegalArgumentException if one of the ids is unknown; the message names the known ones
     */
    public static List<Variant> selected(String property) {
        return Selection.of(property, List.of(values()), Variant::id);
    }

    /** The name of its folder and part of its jar's name. */
    public String id() {
        return this.id;
    }

    /** Its container. */
    public Container container() {
        return this.container;
    }

    /** The variants with its container, the oldest line of Spring Boot first. */
    public List<Variant> lines() {
        return Stream.of(values())
                .filter((variant) -> variant.container == this.container)
                .toList();
    }

    /** Boot's properties that make it accept only so many connections and leave the others in the accept queue. */
    public List<String> connectionLimit(int connections) {
        return this.container.connectionLimit(connections);
    }

    /** How many connections its accept queue is made to hold. */
    public int queueable() {
        return this.container.queueable();
    }

    /** Whether plain Spring Boot keeps to {@link #connectionLimit} with TLS too. */
    public boolean limitsTlsConnections() {
        return this.container.limitsTlsConnections();
    }

    /** Whether it is sure to lose this under plain Spring Boot. */
    public boolean loses(Loss loss) {
        return this.container.losses().contains(loss);
    }

    /** Boot's properties that limit the threads that serve requests. */
    public List<String> workerThreads(int threads) {
        return this.container.workerThreads(threads);
    }

    /**
     * Its runnable jar.
     *
     * @throws IllegalStateException if it has not been built; the message says how to
     */
    public Path jar() {
        Path jar = projectRoot().resolve("sample-app/%1$s/target/sample-app-%1$s.jar".formatted(this.id));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(
                    jar + " is missing; build it with: mvn -q -DskipTests package -pl sample-app/" + this.id + " -am");
        }
        return jar;
    }

    /** The arguments of {@code java} that run it from its jar. */
    List<String> jarArguments() {
        return List.of("-jar", jar().toString());
    }

    /** The arguments of {@code java} that run it the way an image does, from its folder and with an archive of its classes. */
    public List<String> imageArguments() {
        return ApplicationImage.arguments(this);
    }

    /** The arguments of {@code java} that run {@code main} in its class path, with the application's main class. */
    List<String> launching(Class<?> main) {
        return List.of(
                "-cp",
                jar().toString(),
                "-Dloader.path=" + ClassPath.of(main),
                "-Dloader.main=" + main.getName(),
                LAUNCHER,
                startClass());
    }

    /** The application's main class. */
    private String startClass() {
        try (JarFile jar = new JarFile(jar().toFile())) {
            return jar.getManifest().getMainAttributes().getValue("Start-Class");
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** The folder of the whole project. */
    static Path projectRoot() {
        File start = new File("").getAbsoluteFile();
        for (File directory = start; directory != null; directory = directory.getParentFile()) {
            if (new File(directory, ".mvn").isDirectory() && new File(directory, "pom.xml").isFile()) {
                return directory.toPath();
            }
        }
        throw new IllegalStateException("No project root (a folder with .mvn and pom.xml) at or above " + start);
    }
}
