// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.acceptqueue.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.AcceptQueueOutcome;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Clients that connect as fast as they can while the listener closes. */
@EnabledOnOs(
        value = OS.LINUX,
        architectures = {"amd64", "aarch64"})
class ListenerGateStormTest {

    private static final int CLIENTS = 8;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final ListenerGate GATE = ListenerGate.probe(ListenerGate.Mode.AUTO);

    @RepeatedTest(20)
    void losesNoConnectionThatWasMade() throws Exception {
        AtomicInteger lost = new AtomicInteger();
        CountDownLatch served = new CountDownLatch(10 * CLIENTS);
        try (TestServer server = TestServer.open()) {
            server.startAcceptor();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(start(() -> connectUntilRefused(server, served, lost)));
            }
            served.await();
            AcceptQueues queues = GATE.prepare(List.of(server));
            AcceptQueueOutcome outcome = queues.empty(LIMIT, LIMIT);
            server.stopListening();
            CompletableFuture.allOf(clients.toArray(new CompletableFuture<?>[0]))
                    .join();
            assertThat(outcome.complete()).as(outcome.toString()).isTrue();
            assertThat(queues.awaitClosed(LIMIT)).isTrue();
        }
        assertThat(lost).hasValue(0);
    }

    private static void connectUntilRefused(TestServer server, CountDownLatch served, AtomicInteger lost)
            throws IOException {
        while (true) {
            try (SocketChannel client = server.connect()) {
                if (!isServed(client)) {
                    lost.incrementAndGet();
                }
                served.countDown();
            } catch (ConnectException ex) {
                return;
            }
        }
    }

    private static boolean isServed(SocketChannel client) {
        try {
            return TestServer.hasResponse(client);
        } catch (IOException ex) {
            return false;
        }
    }

    private static CompletableFuture<Void> start(TestServer.Action action) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        action.run();
                        end.complete(null);
                    } catch (IOException | RuntimeException ex) {
                        end.completeExceptionally(ex);
                    }
                },
                "test-client");
        thread.setDaemon(true);
        thread.start();
        return end;
    }
}
