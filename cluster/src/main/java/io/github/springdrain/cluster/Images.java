// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import io.github.springdrain.cluster.load.LoadMain;
import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.Command;
import io.github.springdrain.contract.RawClient;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Makes images without a Docker daemon, and brings them to the cluster. */
final class Images {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** Of nobody; the manifests do not name a user, so that pods have the image's. */
    private static final String USER = "65532:65532";

    private final Settings settings;

    private final List<String> loadCommand;

    private final Path work;

    private final String tag = Long.toString(System.currentTimeMillis() / 1000, 36);

    /** Images that are pushed, or loaded with {@code loadCommand}. */
    Images(Settings settings, List<String> loadCommand) {
        this.settings = settings;
        this.loadCommand = loadCommand;
        this.work = settings.output().resolve("images");
    }

    /** The sample on a JDK; returns the image's name. */
    String sample(String jdk) {
        try {
            Path extracted = extracted();
            Path jar = this.settings.variant().jar();
            JibContainerBuilder builder = base(jdk)
                    .addLayer(files(extracted.resolve("lib")), "/application/lib")
                    .addLayer(List.of(extracted.resolve(jar.getFileName())), "/application")
                    .setEntrypoint(
                            "java",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-jar",
                            "/application/" + jar.getFileName());
            return containerize(
                    builder, "drain-sample-" + this.settings.variant().id() + "-jdk" + jdk);
        } catch (IOException ex) {
            throw new IllegalStateException("No image of the sample on JDK " + jdk, ex);
        }
    }

    /** The load generator; returns the image's name. */
    String load() {
        try {
            JibContainerBuilder builder = base(this.settings.jdk());
            for (Class<?> type : List.of(LoadMain.class, RawClient.class)) {
                Path place = place(type);
                if (Files.isDirectory(place)) {
                    builder.addLayer(files(place), "/load/classes");
                } else {
                    builder.addLayer(List.of(place), "/load");
                }
            }
            builder.setEntrypoint(
                    "java",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    "/load/classes:/load/*",
                    LoadMain.class.getName());
            return containerize(builder, "drain-load");
        } catch (IOException ex) {
            throw new IllegalStateException("No image of the load generator", ex);
        }
    }

    private JibContainerBuilder base(String jdk) throws IOException {
        JibContainerBuilder builder;
        if (this.settings.base().equals(Settings.HOST)) {
            builder = HostBase.on(Path.of(this.settings.jdks().getOrDefault(jdk, "")), this.work.resolve("host"));
        } else {
            try {
                builder = Jib.from(this.settings.base().formatted(jdk));
            } catch (InvalidImageReferenceException ex) {
                throw new IllegalArgumentException(
                        "cluster.base is '%s' (expected: the name of an image, or %s)"
                                .formatted(this.settings.base(), Settings.HOST),
                        ex);
            }
        }
        return builder.setUser(USER);
    }

    private String containerize(JibContainerBuilder builder, String name) throws IOException {
        try {
            Path archive = this.work.resolve(name + ".tar");
            String reference = this.settings.registry().isEmpty()
                    ? "drain.local/%s:%s".formatted(name, this.tag)
                    : "%s/%s:%s".formatted(this.settings.registry(), name, this.tag);
            boolean pushed = !this.settings.registry().isEmpty();
            Containerizer target = pushed
                    ? Containerizer.to(RegistryImage.named(reference))
                    : Containerizer.to(TarImage.at(archive).named(ImageReference.parse(reference)));
            builder.containerize(target.setBaseImageLayersCache(this.work.resolve("base-cache"))
                    .setApplicationLayersCache(this.work.resolve("cache"))
                    .setAllowInsecureRegistries(isLocal(this.settings.registry()))
                    .setOfflineMode(!pushed && this.settings.base().equals(Settings.HOST)));
            if (!pushed) {
                List<String> command = new ArrayList<>(this.loadCommand);
                command.add(archive.toString());
                Command.require(command, "", LIMIT);
                Files.delete(archive);
            }
            return reference;
        } catch (InvalidImageReferenceException
                | RegistryException
                | CacheDirectoryCreationException
                | ExecutionException ex) {
            throw new IllegalStateException("No image " + name + ": " + ex.getMessage(), ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    /** Container runtimes, too, speak plain HTTP with a registry of this name. */
    private static boolean isLocal(String registry) {
        return registry.startsWith("localhost:");
    }

    /** The sample's jar as Spring Boot lays it out for an image. */
    private Path extracted() throws IOException {
        Path jar = this.settings.variant().jar();
        Path folder = this.work.resolve(this.settings.variant().id() + "-"
                + Long.toString(Files.getLastModifiedTime(jar).toMillis(), 36));
        if (!Files.isDirectory(folder.resolve("lib"))) {
            Files.createDirectories(this.work);
            Command.require(
                    List.of(
                            ChildProcess.java(),
                            "-Djarmode=tools",
                            "-jar",
                            jar.toString(),
                            "extract",
                            "--force",
                            "--destination",
                            folder.toString()),
                    "",
                    LIMIT);
        }
        return folder;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
