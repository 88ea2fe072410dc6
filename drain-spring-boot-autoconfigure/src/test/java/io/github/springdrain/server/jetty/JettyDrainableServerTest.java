// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import static io.github.springdrain.testing.RawHttp.get;
import static io.github.springdrain.testing.RawHttp.readAll;
import static io.github.springdrain.testing.RawHttp.readResponse;
import static io.github.springdrain.testing.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.testing.DrainableServerScenarios;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.AcceptRateLimit;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each step on Jetty. */
class JettyDrainableServerTest extends DrainableServerScenarios {

    JettyDrainableServerTest() {
        super("qtp");
    }

    @Override
    protected EmbeddedJetty start() throws Exception {
        return new EmbeddedJetty();
    }

    @Override
    protected EmbeddedJetty startWithConnections(int limit) throws Exception {
        return new EmbeddedJetty((connector) -> {
            Server server = connector.getServer();
            server.addBean(new NetworkConnectionLimit(limit, connector));
        });
    }

    @Test
    void keepsItsLimitOverARestart() throws Exception {
        try (EmbeddedJetty jetty = startWithConnections(5)) {
            jetty.closeListeners();
            jetty.restart();
            assertThat(jetty.jetty.getBean(NetworkConnectionLimit.class).getMaxNetworkConnectionCount())
                    .isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void servesAndThenRefusesNewClientsWithAnyNumberOfAcceptors(int acceptors) throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty(
                (server) -> new ServerConnector(server, acceptors, 1), (connector) -> {}, JettyAdoption::plain)) {
            assertThat(jetty.connector().getAcceptors()).isEqualTo(acceptors);
            assertThat(notified(jetty, 20)).isZero();
            assertIsEmptiedAndClosed(jetty);
        }
    }

    @Test
    void takesAndServesWhatAConnectionLimitHasLeftInTheQueue() throws Exception {
        try (EmbeddedJetty jetty = startWithConnections(1);
                Socket busy = jetty.connect()) {
            send(busy, get("/hold"));
            jetty.awaitHeld();
            assertQueueIsServed(jetty);
        }
    }

    @Test
    void takesAndServesWhatARateLimitHasLeftInTheQueue() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty((connector) -> connector
                        .getServer()
                        .addBean(new AcceptRateLimit(1, 1, TimeUnit.HOURS, connector.getServer())));
                Socket first = jetty.connect();
                Socket second = jetty.connect()) {
            await().atMost(10, TimeUnit.SECONDS).until(() -> !jetty.connector().isAccepting());
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertQueueIsServed(jetty);
        }
    }

    private static void assertQueueIsServed(EmbeddedJetty jetty) throws Exception {
        List<Socket> queued = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Socket client = jetty.connect();
            send(client, get("/"));
            queued.add(client);
        }
        AcceptQueueOutcome outcome = jetty.closeListeners();
        assertThat(outcome.complete()).as("%s", outcome).isTrue();
        for (Socket client : queued) {
            assertThat(readAll(client)).contains("Connection: close").endsWith("ok");
            client.close();
        }
    }

    @Test
    void interruptsTheWorkerOfWhatItAborts() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket busy = jetty.connect()) {
            send(busy, get("/hold"));
            jetty.awaitHeld();
            jetty.closeListeners();
            jetty.server().abort((connection) -> false);
            jetty.awaitInterrupted();
        }
    }

    /** By the time of an interrupt a thread may serve another request. */
    @Test
    void interruptsNoWorkerOfAnotherRequest() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket busy = jetty.connect();
                Socket other = jetty.connect()) {
            send(busy, get("/hold"));
            jetty.awaitHeld();
            HttpChannel channel = jetty.connector().getConnectedEndPoints().stream()
                    .map((endPoint) -> ((HttpConnection) endPoint.getConnection()).getHttpChannel())
                    .filter((candidate) -> candidate.getRequest() != null)
                    .findFirst()
                    .orElseThrow();
            Request request = channel.getRequest();
            Workers.interrupt(channel, new Request.Wrapper(request));
            jetty.release();
            assertThat(readResponse(busy)).endsWith("ok");
            await().atMost(10, TimeUnit.SECONDS).until(() -> Workers.at(channel) == null);
            Workers.interrupt(channel, request);
            send(other, get("/"));
            assertThat(readResponse(other)).endsWith("ok");
        }
    }

    @Test
    void lingersForABodyThatNobodyReads() throws Exception {
        try (EmbeddedJetty jetty = new EmbeddedJetty();
                Socket client = jetty.connect()) {
            send(client, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\nConnection: close\r\n\r\nx");
            assertThat(readAll(client)).endsWith("ok");
            await().atMost(10, TimeUnit.SECONDS).until(() -> jetty.closer().awaited() == 1);
            client.shutdownOutput();
            await().atMost(10, TimeUnit.SECONDS).until(() -> jetty.closer().active() == 0);
        }
    }
}
