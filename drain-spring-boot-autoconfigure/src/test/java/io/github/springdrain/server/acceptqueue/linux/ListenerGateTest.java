// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.server.GateLevel;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate.Mode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The gate on real listeners. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class ListenerGateTest {

    private static final Duration SHORT = Duration.ofMillis(200);

    private static final Duration LONG = Duration.ofSeconds(30);

    private static final int CLIENTS = 5;

    @ParameterizedTest
    @MethodSource("addresses")
    void refusesNewConnectionsAndKeepsThoseThatWait(StandardProtocolFamily family, InetAddress address)
            throws IOException {
        try (TestServer server = TestServer.open(family, address)) {
            List<SocketChannel> clients = connect(server, CLIENTS);
            AcceptQueueOutcome outcome = prepare(Mode.AUTO, server).empty(SHORT, SHORT);
            assertThat(outcome)
                    .isEqualTo(new AcceptQueueOutcome(GateLevel.DEVICE_GATE.name(), "", 0, 0, CLIENTS, false, false));
            assertThatExceptionOfType(ConnectException.class).isThrownBy(server::connect);
            server.startAcceptor();
            for (SocketChannel client : clients) {
                assertThat(TestServer.hasResponse(client)).isTrue();
            }
        }
    }

    static Stream<Arguments> addresses() {
        return Stream.of(
                Arguments.of(StandardProtocolFamily.INET, Addresses.IPV4_LOOPBACK),
                Arguments.of(StandardProtocolFamily.INET, Addresses.IPV4_WILDCARD),
                Arguments.of(StandardProtocolFamily.INET6, Addresses.IPV4_WILDCARD),
                Arguments.of(StandardProtocolFamily.INET6, Addresses.IPV6_WILDCARD),
                Arguments.of(StandardProtocolFamily.INET6, Addresses.IPV4_LOOPBACK),
                Arguments.of(StandardProtocolFamily.INET6, Addresses.IPV6_LOOPBACK));
    }

    @Test
    void isCompleteOnceTheAcceptorTookEverything() throws IOException {
        try (TestServer server = TestServer.open()) {
            List<SocketChannel> clients = connect(server, CLIENTS);
            AcceptQueues queues = prepare(Mode.AUTO, server);
            CompletableFuture<AcceptQueueOutcome> outcome =
                    CompletableFuture.supplyAsync(() -> queues.empty(LONG, SHORT));
            await().until(() -> isRefusing(server, clients));
            server.startAcceptor();
            assertThat(outcome.join())
                    .isEqualTo(new AcceptQueueOutcome(
                            GateLevel.DEVICE_GATE.name(), "", clients.size(), 0, 0, true, false));
            for (SocketChannel client : clients) {
                assertThat(TestServer.hasResponse(client)).isTrue();
            }
        }
    }

    @Test
    void gatesOnlyTheListenersItIsGiven() throws IOException {
        try (TestServer server = TestServer.open();
                TestServer management = TestServer.open()) {
            prepare(Mode.AUTO, server).empty(SHORT, SHORT);
            management.startAcceptor();
            assertThat(TestServer.hasResponse(management.connect())).isTrue();
        }
    }

    @Test
    void neverStarvesASuccessorInAnotherProcess() throws IOException {
        try (TestServer server = TestServer.open()) {
            server.channel().setOption(StandardSocketOptions.SO_REUSEPORT, true);
            server.startAcceptor();
            String port = Integer.toString(server.address().getPort());
            try (ChildJvm successor =
                    ChildJvm.start(List.of(), List.of(SuccessorMain.class), SuccessorMain.class, port)) {
                assertThat(successor.line()).isEqualTo("listening");
                AcceptQueueOutcome outcome = prepare(Mode.AUTO, server).empty(LONG, SHORT);
                assertThat(outcome)
                        .isEqualTo(new AcceptQueueOutcome(GateLevel.DEVICE_GATE.name(), "", 0, 0, 0, true, true));
                for (int i = 0; i < CLIENTS; i++) {
                    assertThat(server.connect().isConnected()).isTrue();
                }
                assertThat(server.accepted()).isZero();
            }
        }
    }

    @Test
    void mayBeSetAgain() throws IOException {
        try (TestServer server = TestServer.open()) {
            server.startAcceptor();
            prepare(Mode.AUTO, server).empty(LONG, SHORT);
            AcceptQueueOutcome outcome = prepare(Mode.AUTO, server).empty(LONG, SHORT);
            assertThat(outcome)
                    .isEqualTo(new AcceptQueueOutcome(GateLevel.DEVICE_GATE.name(), "", 0, 0, 0, true, false));
        }
    }

    @Test
    void dropsNewConnectionsByTheFilter() throws IOException {
        Privileges.assumeNetworkAdministrator();
        try (TestServer server = TestServer.open()) {
            SocketChannel client = server.connect();
            AcceptQueueOutcome outcome = prepare(Mode.SYN_FILTER, server).empty(SHORT, SHORT);
            assertThat(outcome)
                    .isEqualTo(new AcceptQueueOutcome(GateLevel.SYN_FILTER.name(), "", 0, 0, 1, false, false));
            server.startAcceptor();
            assertThat(TestServer.hasResponse(client)).isTrue();
        }
    }

    @Test
    void serveOnWithoutAGateAndTakesTheQueue() throws IOException {
        try (TestServer server = TestServer.open()) {
            SocketChannel client = server.connect();
            server.startAcceptor();
            AcceptQueueOutcome outcome = prepare(Mode.OFF, server).empty(LONG, SHORT);
            assertThat(outcome.level()).isEqualTo(GateLevel.QUEUE_OBSERVED.name());
            assertThat(outcome.complete()).isTrue();
            assertThat(TestServer.hasResponse(client)).isTrue();
            assertThat(TestServer.hasResponse(server.connect())).isTrue();
        }
    }

    @Test
    void seesWhetherTheKernelStillListens() throws IOException {
        try (TestServer server = TestServer.open()) {
            server.startAcceptor();
            AcceptQueues queues = prepare(Mode.AUTO, server);
            queues.empty(LONG, SHORT);
            assertThat(queues.awaitClosed(SHORT)).isFalse();
            server.stopListening();
            assertThat(queues.awaitClosed(LONG)).isTrue();
        }
    }

    @Test
    void noticesAListenerThatASelectorKeepsAlive() throws IOException {
        try (TestServer server = TestServer.open();
                Selector selector = Selector.open()) {
            server.channel().configureBlocking(false);
            server.channel().register(selector, SelectionKey.OP_ACCEPT);
            selector.selectNow();
            AcceptQueues queues = prepare(Mode.AUTO, server);
            server.stopListening();
            assertThat(queues.awaitClosed(SHORT)).isFalse();
            selector.selectNow();
            assertThat(queues.awaitClosed(LONG)).isTrue();
        }
    }

    private static AcceptQueues prepare(Mode mode, TestServer server) {
        return ListenerGate.probe(mode).prepare(List.of(server));
    }

    private static List<SocketChannel> connect(TestServer server, int count) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(server.connect());
        }
        return clients;
    }

    /** What comes through before the gate is set belongs to the clients that wait. */
    private static boolean isRefusing(TestServer server, List<SocketChannel> clients) throws IOException {
        try {
            clients.add(server.connect());
            return false;
        } catch (ConnectException ex) {
            return true;
        }
    }
}
