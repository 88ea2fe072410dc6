// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The unit files as systemd reads them, where it is installed, and the script that replaces one instance by the other. */
class UnitFilesTest {

    private static final String ANALYZE = "/usr/bin/systemd-analyze";

    private static final long LIMIT_SECONDS = 60;

    @TempDir
    Path folder;

    static List<String> units() throws IOException {
        return Stream.concat(
                        ProjectFile.list("deploy/systemd", ".service").stream(),
                        ProjectFile.list("deploy/systemd", ".socket").stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("units")
    void systemdHasNothingToSayAboutAUnit(String unit) throws IOException {
        assertThat(verify(ProjectFile.ROOT.resolve(unit))).isEqualTo("0:");
    }

    @Test
    void systemdNamesWhatItDoesNotKnow() throws IOException {
        Path unit = this.folder.resolve("shop.service");
        Files.writeString(
                unit, ProjectFile.text("deploy/systemd/shop.service").replace("KillMode=mixed", "KilMode=mixed"));
        assertThat(verify(unit)).contains("KilMode");
    }

    /** Everything that a unit refers to is in its folder. */
    private static String verify(Path unit) {
        assumeTrue(new File(ANALYZE).canExecute(), ANALYZE + " is not installed");
        return run(Objects.requireNonNull(unit.getParent()), "", ANALYZE, "verify", "./" + unit.getFileName());
    }

    @Test
    void theScriptStopsTheOldInstanceWhenTheNewOneIsReady() throws IOException {
        assertThat(replace("green", 2)).isEqualTo("""
                        0:shop-port@blue serves
                        start shop-port@blue
                        asked 8081, no
                        asked 8081, no
                        asked 8081, yes
                        stop shop-port@green
                        """);
        assertThat(replace("blue", 0)).contains("start shop-port@green\nasked 8082, yes\nstop shop-port@blue\n");
    }

    @Test
    void theScriptKeepsTheOldInstanceWhenTheNewOneIsNeverReady() throws IOException {
        String came = replace("blue", Integer.MAX_VALUE);
        assertThat(came)
                .startsWith("1:shop-port@green is not ready; shop-port@blue serves on\n")
                .endsWith("stop shop-port@green\n")
                .doesNotContain("stop shop-port@blue");
    }

    /**
     * Runs the script with a systemd that only takes notes, whose instance is ready when it was asked {@code refusals}
     * times, and ends after five.
     */
    private String replace(String active, int refusals) throws IOException {
        Path bin = Files.createDirectories(this.folder.resolve("bin"));
        Path notes = this.folder.resolve("notes");
        Files.writeString(notes, "");
        script(bin.resolve("systemctl"), """
                if [ "$1" = is-active ]; then
                    case "$3" in
                    *@%s) exit 0 ;;
                    *) [ "$(grep -c asked '%s')" -lt 5 ] && [ "$(grep -c "start $3" '%s')" -gt 0 ] ;;
                    esac
                else
                    echo "$*" >> '%s'
                fi
                """.formatted(active, notes, notes, notes));
        script(bin.resolve("curl"), """
                port=$(echo "$*" | sed 's/.*127.0.0.1:\\([0-9]*\\).*/\\1/')
                if [ "$(grep -c asked '%s')" -lt %d ]; then echo "asked $port, no" >> '%s'; exit 22; fi
                echo "asked $port, yes" >> '%s'
                """.formatted(notes, refusals, notes, notes));
        script(bin.resolve("sleep"), "");
        String ended = run(
                this.folder,
                bin + File.pathSeparator,
                "/bin/sh",
                ProjectFile.ROOT.resolve("deploy/systemd/blue-green").toString());
        return ended + "\n" + Files.readString(notes);
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The exit code and the output. */
    private static String run(Path folder, String pathPrefix, String... command) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
            builder.environment().merge("PATH", pathPrefix, (path, prefix) -> prefix + path);
            Process process = builder.start();
            try {
                process.getOutputStream().close();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
                return process.exitValue() + ":" + output.strip();
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        } catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }
}
