// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes that serve a listening socket one after the other that another process holds, as systemd does. */
abstract class InheritedListenerContract {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(10);

    private static final int NEW_CLIENTS = 8;

    private static final int KEPT_CLIENTS = 4;

    private static final String ACTIVATE = "/usr/bin/systemd-socket-activate";

    private static final String INHERIT = "--server.drain.inherit-listener=true";

    private final Target target;

    InheritedListenerContract(Target target) {
        this.target = target;
    }

    /** There is no control: plain Spring Boot serves no such socket. */
    @Test
    void clientsOfAProcessThatIsRestartedWaitForTheNextOne() {
        assumeTrue(container().inheritsListeners());
        try (SocketHolder holder = SocketHolder.open()) {
            SocketHolder.Server first = holder.start(this.target.sample().with(INHERIT));
            MixedLoad load = new MixedLoad(
                    "127.0.0.1", holder.port(), Transport.PLAIN, NEW_CLIENTS, KEPT_CLIENTS, LONGEST_PAUSE);
            awaitServed(load, NEW_CLIENTS);
            first.terminate();
            assertThat(first.awaitExit()).as(first.output()).isEqualTo(143);
            Backlog.await(holder.port(), NEW_CLIENTS, LIMIT);
            SocketHolder.Server next = holder.start(this.target.sample().with(INHERIT));
            awaitServed(load, load.tally().count(Outcome.COMPLETE) + NEW_CLIENTS);
            LoadTally tally = load.end();
            next.terminate();
            next.awaitExit();
            this.target.print("restart on a socket that another process holds: " + tally.format());
            assertThat(tally.lost()).as(tally.format()).isZero();
            assertThat(tally.count(Outcome.REFUSED)).isZero();
            // The JDK points the standard output of a process elsewhere that closes such a listener.
            assertThat(first.output())
                    .contains("Drain report: drain graceful in ")
                    .contains("left to whoever holds it")
                    .doesNotContain("another listener", "DEVICE_GATE");
        }
    }

    /** As the documentation has it for a socket that comes as descriptor 3. */
    @Test
    @Tag("long")
    void aSocketThatSystemdActivatesIsServed() {
        assumeTrue(container().inheritsListeners());
        assumeTrue(new File(ACTIVATE).canExecute(), ACTIVATE + " is not installed");
        int port = Ports.free();
        String command = this.target.sample().with(INHERIT).command(port).stream()
                .map((argument) -> "'" + argument + "'")
                .collect(Collectors.joining(" ", "exec ", " <&3 3<&-"));
        List<String> activation = List.of(ACTIVATE, "-l", "127.0.0.1:" + port, "sh", "-c", command);
        try (ChildProcess process = ChildProcess.start("socket-activate", activation)) {
            process.output().await((line) -> line.startsWith("Listening on"), LIMIT);
            RawClient client = RawClient.plain("127.0.0.1", port).withPatience(LIMIT);
            assertThat(client.get("/hello").status()).isEqualTo(200);
            process.terminate();
            assertThat(process.awaitExit(LIMIT).code()).isEqualTo(143);
            assertThat(process.output().text())
                    .contains("left to whoever holds it", "Drain report: drain graceful in ");
        }
    }

    @Test
    void startUpFailsWhereThereIsNoSocketOrItCannotBeServed() {
        assertThat(this.target.sample().with(INHERIT).failToStart())
                .contains("APPLICATION FAILED TO START", "'server.drain.inherit-listener'")
                .contains(
                        container().inheritsListeners()
                                ? "where the standard input of the process is a listening socket"
                                : "on this server, which serves no socket that it has not opened")
                .doesNotContain("\tat ");
    }

    @Test
    void startUpFailsOnAPortThatItsHolderDoesNotShare() throws IOException {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            assertThat(this.target
                            .sample()
                            .on(List.of(), holder.getLocalPort())
                            .with("--server.drain.reuse-port=true")
                            .failToStart())
                    .contains("APPLICATION FAILED TO START")
                    .contains("Port " + holder.getLocalPort() + " was already in use")
                    .contains("by the same user and with 'server.drain.reuse-port=true'")
                    .doesNotContain("\tat ");
        }
    }

    private Container container() {
        return this.target.variant().container();
    }

    private static void awaitServed(MixedLoad load, long responses) {
        await().atMost(LIMIT).until(() -> load.tally().count(Outcome.COMPLETE) > responses);
    }
}
