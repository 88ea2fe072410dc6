// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.server.GateLevel;
import io.github.springdrain.server.acceptqueue.linux.ListenerGate.Mode;
import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Listeners that share a port, on the real kernel; that they are of one process is no matter to it. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class ReusePortTest {

    private static final Duration BOUND = Duration.ofSeconds(30);

    private static final int CLIENTS = 40;

    private static final int DROPPED_MILLIS = 250;

    private final ListenerGate gate = ListenerGate.probe(Mode.AUTO);

    private final List<Closeable> opened = new ArrayList<>();

    private TestServer first;

    @BeforeEach
    void openFirst() throws IOException {
        this.first = open(this.gate, 0);
    }

    @AfterEach
    void closeAll() throws IOException {
        Collections.reverse(this.opened);
        for (Closeable it : this.opened) {
            it.close();
        }
    }

    @Test
    void theFirstServesWhileTheNextStandsBy() throws IOException {
        TestServer next = join();
        connectAll();
        assertAccepted(this.first, CLIENTS);
        assertThat(next.accepted()).isZero();
    }

    @Test
    void theNextServesOnceTheFirstIsToldToLeave() throws IOException {
        TestServer next = join();
        AcceptQueues leaving = this.gate.prepare(List.of(this.first));
        connectAll();
        assertAccepted(next, CLIENTS);
        assertHandedOver(leaving.empty(BOUND, BOUND));
        connectAll();
        this.first.stopListening();
        connectAll();
        assertAccepted(next, 3 * CLIENTS);
        assertThat(this.first.accepted()).isZero();
    }

    @Test
    void whatTheFirstHoldsIsAcceptedByIt() throws IOException {
        TestServer slow = TestServer.openShared(0);
        this.opened.add(slow);
        this.gate.standBy(slow);
        List<SocketChannel> waiting = connectAll(slow);
        TestServer next = join(slow);
        AcceptQueues leaving = this.gate.prepare(List.of(slow));
        slow.startAcceptor();
        assertHandedOver(leaving.empty(BOUND, BOUND));
        slow.stopListening();
        for (SocketChannel client : waiting) {
            assertThat(TestServer.hasResponse(client)).isTrue();
        }
        assertThat(next.accepted()).isZero();
    }

    @Test
    void theFirstServesAgainWhenItsDrainIsResumed() throws IOException {
        TestServer next = join();
        this.gate.prepare(List.of(this.first)).takeBack();
        connectAll();
        assertAccepted(this.first, CLIENTS);
        assertThat(next.accepted()).isZero();
    }

    @Test
    void theNextServesWhenTheFirstDies() throws IOException {
        TestServer next = join();
        this.first.stopListening();
        // A thread in accept keeps the socket until the JDK has called it back, which a process that dies has not.
        await().until(() -> ProcSelf.SYSTEM.listenRows().stream()
                        .filter((row) -> row.matches(this.first.address()))
                        .count()
                == 1);
        connectAll();
        assertAccepted(next, CLIENTS);
    }

    @Test
    void theFirstServesOnWhenTheStandByLeaves() throws IOException {
        TestServer next = join();
        assertHandedOver(this.gate.prepare(List.of(next)).empty(BOUND, BOUND));
        connectAll();
        next.stopListening();
        connectAll();
        assertAccepted(this.first, 2 * CLIENTS);
        assertThat(next.accepted()).isZero();
    }

    @Test
    void ofThreeNoneLosesAClientWhenTheFirstLeaves() throws IOException {
        TestServer next = join();
        TestServer last = join();
        assertHandedOver(this.gate.prepare(List.of(this.first)).empty(BOUND, BOUND));
        connectAll();
        this.first.stopListening();
        connectAll();
        await().until(() -> next.accepted() + last.accepted() == 2 * CLIENTS);
    }

    @Test
    void refusesNewClientsWhenBothHaveLeft() throws IOException {
        TestServer next = join();
        this.gate.prepare(List.of(this.first)).empty(BOUND, BOUND);
        this.gate.prepare(List.of(next)).empty(BOUND, BOUND);
        assertThatExceptionOfType(ConnectException.class).isThrownBy(this.first::connect);
    }

    /** As when a context is started again in place; nobody has asked for a stand-by. */
    @Test
    void theOtherListenerOfAProcessSurvivesTheDrainOfTheFirst() throws IOException {
        ListenerGate.claim(this.first);
        TestServer next = TestServer.openShared(this.first.address().getPort());
        this.opened.add(next);
        ListenerGate.claim(next);
        next.startAcceptor();
        assertHandedOver(this.gate.prepare(List.of(this.first)).empty(BOUND, BOUND));
        this.first.stopListening();
        connectAll();
        assertAccepted(next, CLIENTS);
    }

    /** The control: the kernel still picks the gated listener for its share, which has no route for a response. */
    @Test
    void withoutSteeringTheGateDelaysNewClients() throws IOException {
        ListenerGate unsteered = ListenerGate.probe(
                Mode.DEVICE, ProcSelf.SYSTEM, List.of(new BackEnd("no steering", WithoutSteering::new)));
        TestServer old = open(unsteered, 0);
        TestServer next = open(unsteered, old.address().getPort());
        long before = listenDrops();
        AcceptQueueOutcome outcome = unsteered.prepare(List.of(old)).empty(BOUND, BOUND);
        assertThat(outcome.note()).contains("new clients cannot be steered there before it closes");
        int delayed = 0;
        for (int i = 0; i < CLIENTS; i++) {
            try (SocketChannel client = SocketChannel.open()) {
                client.socket().connect(next.address(), DROPPED_MILLIS);
            } catch (SocketTimeoutException ex) {
                delayed++;
            }
        }
        assertThat(delayed).isPositive();
        assertThat(listenDrops() - before).isGreaterThanOrEqualTo(delayed);
    }

    private TestServer join() throws IOException {
        return join(this.first);
    }

    private TestServer join(TestServer group) throws IOException {
        return open(this.gate, group.address().getPort());
    }

    private TestServer open(ListenerGate gate, int port) throws IOException {
        TestServer server = TestServer.openShared(port);
        this.opened.add(server);
        gate.standBy(server);
        server.startAcceptor();
        return server;
    }

    private void connectAll() throws IOException {
        for (SocketChannel client : connectAll(this.first)) {
            assertThat(TestServer.hasResponse(client)).isTrue();
        }
    }

    private static List<SocketChannel> connectAll(TestServer group) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(group.connect());
        }
        return clients;
    }

    private static void assertAccepted(TestServer server, int clients) {
        await().untilAsserted(() -> assertThat(server.accepted()).isEqualTo(clients));
    }

    private static void assertHandedOver(AcceptQueueOutcome outcome) {
        assertThat(outcome.level()).isEqualTo(GateLevel.DEVICE_GATE.name());
        assertThat(outcome.note()).isEmpty();
        assertThat(outcome.handedOver()).isTrue();
        assertThat(outcome.complete()).isTrue();
    }

    private static long listenDrops() throws IOException {
        List<String> lines = ProcSelf.SYSTEM.networkCounters();
        int names = 0;
        while (!lines.get(names).startsWith("TcpExt:")) {
            names++;
        }
        int column = ProcSelf.fields(lines.get(names)).indexOf("ListenDrops");
        return Long.parseLong(ProcSelf.fields(lines.get(names + 1)).get(column));
    }

    /** The real calls of a kernel or sandbox that has the gate and does not steer. */
    private static final class WithoutSteering implements SocketCalls {

        private final SocketCalls calls = new JnaSocketCalls();

        @Override
        public void setInt(int fd, Option option, int value) throws IOException {
            this.calls.setInt(fd, option, value);
        }

        @Override
        public int getInt(int fd, Option option) throws IOException {
            return this.calls.getInt(fd, option);
        }

        @Override
        public void attachSynFilter(int fd) throws IOException {
            this.calls.attachSynFilter(fd);
        }

        @Override
        public void steer(int fd, int index) throws IOException {
            throw new IOException("refused");
        }
    }
}
