// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit files and the script of {@code deploy/systemd}, as they are, under a systemd of its own. */
abstract class SystemdContract {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final int CLIENTS = 8;

    private static final int PORT = 8080;

    private final Target target;

    @TempDir
    Path folder;

    SystemdContract(Target target) {
        this.target = target;
    }

    @BeforeEach
    void assumeSystemd() {
        Optional<String> missing = SystemdMachine.missing();
        missing.ifPresent((reason) -> this.target.print("SKIPPED, systemd: %s".formatted(reason)));
        assumeTrue(missing.isEmpty(), missing.orElse(""));
    }

    @Test
    void theScriptReplacesOneInstanceByTheOther() throws IOException {
        try (SystemdMachine machine = boot();
                RemoteLoad load = load(machine)) {
            start(machine, "shop-port@blue");
            load.begin();
            load.awaitServed(CLIENTS, LIMIT);
            assertThat(replace(machine)).isEqualTo("0:shop-port@green serves");
            load.awaitServed(load.tally().count(Outcome.COMPLETE) + CLIENTS, LIMIT);
            LoadTally tally = load.end();
            this.target.print("blue/green by systemd: " + tally.format());
            assertUnnoticed(tally);
            assertThat(machine.journal("shop-port@blue")).contains("Drain report: ", "handed over to another listener");
            assertThat(machine.run("systemctl", "is-failed", "shop-port@blue").output())
                    .isEqualTo("inactive");
        }
    }

    /** The control: the second one cannot listen on the port of the first. */
    @Test
    void theScriptKeepsTheOldInstanceWithoutTheDrain() throws IOException {
        try (SystemdMachine machine = boot("SERVER_DRAIN_ENABLED=false")) {
            start(machine, "shop-port@blue");
            assertThat(replace(machine))
                    .startsWith("1:")
                    .contains("shop-port@green is not ready; shop-port@blue serves on");
            assertThat(machine.run("systemctl", "is-active", "shop-port@blue").output())
                    .isEqualTo("active");
        }
    }

    @Test
    void twoInstancesThatShareASocketReplaceEachOther() throws IOException {
        assumeTrue(this.target.variant().container().inheritsListeners());
        try (SystemdMachine machine = boot();
                RemoteLoad load = load(machine)) {
            assertThat(machine.run("systemctl", "start", "shop.socket").output())
                    .isEmpty();
            start(machine, "shop-socket@blue");
            load.begin();
            load.awaitServed(CLIENTS, LIMIT);
            start(machine, "shop-socket@green");
            assertThat(machine.run("systemctl", "stop", "shop-socket@blue").code())
                    .isZero();
            load.awaitServed(load.tally().count(Outcome.COMPLETE) + CLIENTS, LIMIT);
            // Now nobody serves until it is there again, and clients wait.
            assertThat(machine.run("systemctl", "restart", "shop-socket@green").code())
                    .isZero();
            load.awaitServed(load.tally().count(Outcome.COMPLETE) + CLIENTS, LIMIT);
            LoadTally tally = load.end();
            this.target.print("a socket of systemd's: " + tally.format());
            assertUnnoticed(tally);
            assertThat(machine.journal("shop-socket@blue")).contains("Drain report: drain graceful in ");
        }
    }

    private static void assertUnnoticed(LoadTally tally) {
        assertThat(tally.lost()).as(tally.format()).isZero();
        assertThat(tally.count(Outcome.REFUSED)).as(tally.format()).isZero();
    }

    private SystemdMachine boot(String... environment) throws IOException {
        return SystemdMachine.boot(
                this.folder,
                Variant.projectRoot().resolve("deploy/systemd"),
                this.target.variant().jar(),
                Map.of("blue", environment("blue", environment), "green", environment("green", environment)));
    }

    private static List<String> environment(String instance, String... more) {
        List<String> lines = new ArrayList<>(List.of(more));
        lines.add("MANAGEMENT_SERVER_PORT=" + managementPort(instance));
        lines.add("JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dspring.output.ansi.enabled=never");
        return lines;
    }

    /** Those that the script asks. */
    private static int managementPort(String instance) {
        return instance.equals("blue") ? 8081 : 8082;
    }

    private static RemoteLoad load(SystemdMachine machine) {
        return RemoteLoad.of(
                machine.onItsNetwork(), "127.0.0.1", PORT, Transport.PLAIN, CLIENTS, CLIENTS, Duration.ofMillis(20));
    }

    private static void start(SystemdMachine machine, String unit) {
        assertThat(machine.run("systemctl", "start", unit).output()).isEmpty();
        int port = managementPort(unit.substring(unit.indexOf('@') + 1));
        String url = "http://127.0.0.1:%d/actuator/health/readiness".formatted(port);
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> machine.run("curl", "-fs", "--max-time", "2", url).code() == 0);
    }

    private String replace(SystemdMachine machine) {
        Command.Result result =
                machine.run("sh", this.folder.resolve("units/blue-green").toString());
        return result.code() + ":" + result.output();
    }
}
