// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hand-overs between processes that may do less than others: on older kernels, in sandboxes, without privileges. */
abstract class HandOverPlatformsContract {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Of the network namespace of whoever opens it. */
    private static final Path MIGRATION = Path.of("/proc/sys/net/ipv4/tcp_migrate_req");

    private static final Duration ONE_WAY = Duration.ofMillis(20);

    private static final String STEERED = "the listener that was there first gets all new clients";

    private static final String UNSTEERED = "new clients cannot be steered";

    private final Target target;

    HandOverPlatformsContract(Target target) {
        this.target = target;
    }

    @ParameterizedTest
    @EnumSource
    void whatAPlatformDoesIsSaidAtStartUpAtTheEndpointAndInTheReport(Platform platform) {
        assumeCanBeMade(platform);
        int port = Ports.free();
        try (SampleProcess first = start(platform, List.of(), port, "--management.server.port=0")) {
            try (SampleProcess next = start(platform, List.of(), port, "--management.server.port=0")) {
                assertSaidAtStartUp(platform, first);
                next.output().await((line) -> line.contains(platform.standsByAs()), LIMIT);
            }
            try (SampleProcess next = start(platform, List.of(), port, "--management.server.port=0")) {
                assertSaidAtTheEndpointAndInTheReport(platform, first);
                assertThat(next.client().get("/hello").outcome()).isEqualTo(Outcome.COMPLETE);
            }
        }
    }

    private void assertSaidAtStartUp(Platform platform, SampleProcess process) {
        ProcessOutput output = process.output();
        output.await((line) -> line.contains("Accept queue of ") && line.contains(platform.level), LIMIT);
        String steering =
                output.await((line) -> line.contains("Hand-over of "), LIMIT).text();
        if (platform.steers()) {
            assertThat(steering).contains(" INFO ", STEERED);
        } else {
            assertThat(steering).contains(" WARN ", UNSTEERED, platform.refusal);
        }
        assertThat(Json.text(status(process), "$.listeners[0].level")).isEqualTo(platform.level);
        String reason = Json.text(status(process), "$.listeners[0].reason");
        if (platform.steers()) {
            assertThat(reason).doesNotContain("steered");
        } else {
            assertThat(reason).contains(UNSTEERED, platform.refusal);
        }
    }

    private static void assertSaidAtTheEndpointAndInTheReport(Platform platform, SampleProcess process) {
        process.managementClient().post("/actuator/drain/wait");
        process.output().await((line) -> line.contains("Drain report: "), LIMIT);
        // Logged before the endpoint has it.
        await().atMost(LIMIT).until(() -> status(process).text().contains("\"report\""));
        RawResponse status = status(process);
        assertThat(Json.text(status, "$.report.acceptQueue.level")).isEqualTo(platform.level);
        assertThat(Json.text(status, "$.report.acceptQueue.handedOver")).isEqualTo("true");
        String note = Json.text(status, "$.report.acceptQueue.note");
        if (platform.steers()) {
            assertThat(note).isEmpty();
        } else {
            assertThat(note).contains("new clients cannot be steered there before it closes", platform.refusal);
            process.output().await((line) -> line.contains("Accept queue: " + note), LIMIT);
        }
        assertThat(process.output().text()).contains("; handed over to another listener");
    }

    private static RawResponse status(SampleProcess process) {
        return process.managementClient().get("/actuator/drain");
    }

    /** The control is that of {@link HandOverContract}: without steering and without a gate. */
    @ParameterizedTest
    @EnumSource(names = {"WITHOUT_PRIVILEGES", "WITHOUT_DEVICE_GATE", "WITHOUT_STEERING"})
    void clientsAreNotLostWhereOneOfTheTwoWorks(Platform platform) {
        assumeCanBeMade(platform);
        Optional<String> missing = DelayedLink.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        try (SharedPort port = SharedPort.over(ONE_WAY, Transport.PLAIN)) {
            port.serveBy(start(platform, port.prefix(), port.number()));
            HandOver seen = port.handOverTo(start(platform, port.prefix(), port.number()));
            this.target.print("a hand-over %s: %s".formatted(platform, seen));
            assertThat(seen.tally().lost()).as(seen.toString()).isZero();
            assertThat(seen.tally().count(Outcome.REFUSED)).as(seen.toString()).isZero();
            if (platform.steers()) {
                assertThat(seen.listenDrops().withRoom()).as(seen.toString()).isZero();
            } else {
                // Those that would wait for a second are told from the others by this.
                assertThat(seen.listenDrops().withRoom()).as(seen.toString()).isPositive();
            }
        }
    }

    /** Neither steering nor a gate is needed for it, but root and Linux 5.14. */
    @Test
    void clientsAreNotLostWhereTheKernelMovesThemToTheNextListener() {
        assumeTrue(Files.exists(MIGRATION), MIGRATION + " is missing");
        Optional<String> missing = DelayedLink.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        try (SharedPort port = SharedPort.over(ONE_WAY, Transport.PLAIN)) {
            List<String> command = new ArrayList<>(port.prefix());
            command.addAll(List.of("sh", "-c", "echo 1 > " + MIGRATION));
            Command.require(command, "");
            port.serveBy(start(Platform.SWITCHED_OFF, port.prefix(), port.number()));
            HandOver seen = port.handOverTo(start(Platform.SWITCHED_OFF, port.prefix(), port.number()));
            this.target.print("a hand-over by %s: %s".formatted(MIGRATION.getFileName(), seen));
            assertThat(seen.tally().lost()).as(seen.toString()).isZero();
            assertThat(seen.tally().count(Outcome.REFUSED)).as(seen.toString()).isZero();
        }
    }

    /** The kernel keeps whoever is not the same user from listening beside the first. */
    @Test
    void startUpFailsForAnotherUser() {
        assumeCanBeMade(Platform.WITHOUT_PRIVILEGES);
        int port = Ports.free();
        try (SampleProcess first = this.target
                .sample()
                .on(List.of(), port)
                .with("--server.drain.reuse-port=true")
                .start()) {
            assertThat(this.target
                            .sample()
                            .on(Platform.WITHOUT_PRIVILEGES.prefix(), port)
                            .with("--server.drain.reuse-port=true")
                            .failToStart())
                    .contains("Port " + port + " was already in use")
                    .contains("by the same user and with 'server.drain.reuse-port=true'");
            assertThat(first.client().get("/hello").outcome()).isEqualTo(Outcome.COMPLETE);
        }
    }

    private static void assumeCanBeMade(Platform platform) {
        List<String> command = new ArrayList<>(platform.prefix());
        command.addAll(List.of(ChildProcess.java(), "-version"));
        Command.Result result = Command.run(command, LIMIT);
        assumeTrue(result.code() == 0, () -> "Cannot be made here: " + result.output());
        assumeTrue(
                platform != Platform.WITHOUT_NATIVE_ACCESS || result.output().contains("version \"17"),
                "Newer Java needs no library");
    }

    private SampleProcess start(Platform platform, List<String> prefix, int port, String... more) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(platform.prefix());
        return this.target
                .sample()
                .on(whole, port)
                .withJvm(platform.jvmArguments())
                .with("--server.drain.reuse-port=true")
                .with(platform.arguments())
                .with(more)
                .start();
    }

    /** What a process may do. */
    private enum Platform {

        /** Everything that a hand-over needs, as another user than root and without capabilities. */
        WITHOUT_PRIVILEGES("DEVICE_GATE", ""),

        /** As before Linux 5.7. */
        WITHOUT_DEVICE_GATE("SYN_FILTER", ""),

        /** As where a sandbox allows numbers only. */
        WITHOUT_GATE("QUEUE_OBSERVED", ""),

        /** As where a sandbox forbids programs. */
        WITHOUT_STEERING("DEVICE_GATE", "setsockopt(SO_ATTACH_REUSEPORT_CBPF) failed: EPERM"),

        /** As where the library's native part cannot be unpacked; Java 17 has no other way to call the kernel. */
        WITHOUT_NATIVE_ACCESS("QUEUE_OBSERVED", "jna.tmpdir names a writable folder"),

        /** As it was asked for. */
        SWITCHED_OFF("QUEUE_OBSERVED", "the gate is switched off");

        private final String level;

        private final String refusal;

        Platform(String level, String refusal) {
            this.level = level;
            this.refusal = refusal;
        }

        private boolean steers() {
            return this.refusal.isEmpty();
        }

        private String standsByAs() {
            return steers()
                    ? "is served by another listener; standing by until it leaves"
                    : "is served by another listener, too; new clients get to either until it leaves";
        }

        private List<String> arguments() {
            return (this == SWITCHED_OFF) ? List.of("--server.drain.accept-queue.gate=off") : List.of();
        }

        private String[] jvmArguments() {
            return (this == WITHOUT_NATIVE_ACCESS)
                    ? new String[] {"-Djna.tmpdir=/proc/drain", "-Djna.nosys=true", "-Djna.nounpack=true"}
                    : new String[0];
        }

        private List<String> prefix() {
            return switch (this) {
                case WITHOUT_PRIVILEGES ->
                    List.of(
                            "setpriv",
                            "--reuid=65534",
                            "--regid=65534",
                            "--clear-groups",
                            "--inh-caps=-all",
                            "--bounding-set=-all");
                case WITHOUT_DEVICE_GATE -> DeniedOptions.denying(DeniedOptions.SO_BINDTOIFINDEX);
                case WITHOUT_GATE ->
                    DeniedOptions.denying(DeniedOptions.SO_BINDTOIFINDEX, DeniedOptions.SO_ATTACH_FILTER);
                case WITHOUT_STEERING -> DeniedOptions.denying(DeniedOptions.SO_ATTACH_REUSEPORT_CBPF);
                case WITHOUT_NATIVE_ACCESS, SWITCHED_OFF -> List.of();
            };
        }
    }
}
