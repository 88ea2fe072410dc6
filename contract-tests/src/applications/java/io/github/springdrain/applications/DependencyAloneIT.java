// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.springdrain.contract.ChildProcess;
import io.github.springdrain.contract.Command;
import io.github.springdrain.contract.Control;
import io.github.springdrain.contract.KeptConnections;
import io.github.springdrain.contract.RawConnection;
import io.github.springdrain.contract.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dependency is all that an application adds: no property, no library, no flag of the JVM, no privilege. */
@Timeout(180)
class DependencyAloneIT {

    @Test
    void theAcceptQueueIsGatedByAnUnprivilegedProcess() {
        try (ApplicationProcess application = ApplicationProcess.of(HelloApplication.class)
                .startedBy(withoutPrivileges())
                .start()) {
            application.awaitLine("Accept queue of Tomcat: DEVICE_GATE");
            assertThat(application.output().lines((line) -> line.contains(" WARN ")))
                    .isEmpty();
            application.terminate();
            application.awaitExit();
            application.awaitLine("Drain report: drain graceful");
        }
    }

    @Test
    void aWeakerGateIsSaidWithItsRemedyWhereALibraryIsMissing() {
        assertWeakerGate(ApplicationProcess.of(HelloApplication.class).without("jna-"));
    }

    @Test
    void aWeakerGateIsSaidWithItsRemedyWhereNothingCanBeUnpacked() {
        assertWeakerGate(ApplicationProcess.of(HelloApplication.class)
                .withJvm("-Djna.tmpdir=/proc/drain", "-Djna.nosys=true", "-Djna.nounpack=true"));
    }

    /** Nothing at all can be written: Tomcat is told of folders that exist, as it has to be with plain Spring Boot. */
    @Test
    void aWeakerGateIsSaidWithItsRemedyWhereNothingCanBeWritten(@TempDir Path folder) throws IOException {
        Files.createDirectory(folder.resolve("public"));
        assertWeakerGate(readOnly(folder, "true").with("--server.tomcat.basedir=" + folder));
    }

    /** The remedy that the warning names. */
    @Test
    void aFolderForTheLibraryIsEnoughOnAReadOnlyRootFileSystem(@TempDir Path folder) {
        try (ApplicationProcess application = readOnly(folder, "mount -t tmpfs tmpfs \"$0\"")
                .withJvm("-Djna.tmpdir=" + folder)
                .start()) {
            application.awaitLine("Accept queue of Tomcat: DEVICE_GATE");
            assertThat(application.output().lines((line) -> line.contains(" WARN ")))
                    .isEmpty();
        }
    }

    /** An application whose root file system is read-only, and whose temporary folder is {@code folder}. */
    private static ApplicationProcess.Builder readOnly(Path folder, String before) {
        assumeTrue(Command.run("unshare", "-m", "true").code() == 0, "Mounts cannot be made here");
        String script = before + " && mount -o remount,bind,ro / && cd \"$0\" && exec \"$@\"";
        return ApplicationProcess.of(HelloApplication.class)
                .startedBy("unshare", "-m", "sh", "-c", script, folder.toString())
                .withJvm("-Djava.io.tmpdir=" + folder);
    }

    /** Java 22 and later needs no library. */
    private static void assertWeakerGate(ApplicationProcess.Builder builder) {
        boolean foreign = Runtime.version().feature() >= 22
                || Command.run(ChildProcess.java(), "-version").output().contains("version \"25");
        try (ApplicationProcess application = builder.start()) {
            application.awaitLine("Accept queue of Tomcat: ");
            if (foreign) {
                application.awaitLine("Accept queue of Tomcat: DEVICE_GATE");
            } else {
                assertThat(application.output().lines((line) -> line.contains("Accept queue of Tomcat: ")))
                        .singleElement()
                        .asString()
                        .contains(" WARN ")
                        .containsIgnoringCase("jna")
                        .containsAnyOf("add net.java.dev.jna:jna", "jna.tmpdir names a writable folder");
            }
            assertThat(application.client().get("/hello").status()).isEqualTo(200);
            application.terminate();
            application.awaitExit();
            application.awaitLine("Drain report: drain graceful");
        }
    }

    /** A client that keeps its connections busy: plain Spring Boot loses requests on them. */
    @Test
    void keptConnectionsLoseNothing() {
        assertThat(lostOnKeptConnections(true)).isZero();
        assertThat(Control.lostByChance(() -> lostOnKeptConnections(false)))
                .as("plain Spring Boot")
                .isPositive();
    }

    private static long lostOnKeptConnections(boolean drain) {
        try (ApplicationProcess application =
                ApplicationProcess.of(HelloApplication.class).drain(drain).start()) {
            KeptConnections clients = KeptConnections.start(application.client(), 12);
            application.client().get("/hello");
            application.terminate();
            application.awaitExit();
            return clients.lost();
        }
    }

    /** The whole response to an upload that is refused before it is read. */
    @Test
    void aRefusedUploadGetsItsResponseWhileItIsSent() {
        assertThat(refusedUpload(true)).isEqualTo("413, written whole");
        assertThat(refusedUpload(false)).isNotEqualTo("413, written whole");
    }

    private static String refusedUpload(boolean drain) {
        try (ApplicationProcess application =
                ApplicationProcess.of(HelloApplication.class).drain(drain).start()) {
            long length = 40_000_000;
            try (RawConnection connection = application.client().connect()) {
                connection.head("POST", "/refused", length).body(length);
                RawResponse response = connection.read();
                return response.status() + (connection.failure() == null ? ", written whole" : ", broken off");
            } catch (IOException ex) {
                return ex.toString();
            }
        }
    }

    /** Without capabilities, as in a container of the security level "restricted"; whoever is nobody has none anyway. */
    private static String[] withoutPrivileges() {
        List<String> command = List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "true");
        return (Command.run(command, Duration.ofSeconds(10)).code() == 0)
                ? command.subList(0, command.size() - 1).toArray(String[]::new)
                : new String[0];
    }
}
