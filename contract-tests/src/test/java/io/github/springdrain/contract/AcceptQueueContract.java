// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Connections that the kernel has completed and nobody has accepted when the signal comes. */
abstract class AcceptQueueContract {

    private static final int CONNECTION_LIMIT = 2;

    /** What a request takes to be in service. */
    private static final Duration HOLD = Duration.ofMillis(500);

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Target target;

    private final int queued;

    AcceptQueueContract(Target target) {
        this.target = target;
        this.queued = target.variant().queueable();
    }

    @Test
    void servesEveryConnectionOfTheAcceptQueue() throws IOException {
        try (SampleProcess server = start(this.target.sample())) {
            List<RawResponse> responses = terminateWithFullQueue(server, Duration.ofSeconds(3));
            assertThat(responses)
                    .allSatisfy((response) -> assertThat(response.summary()).startsWith("COMPLETE 200"));
            server.awaitExit(LIMIT);
        }
    }

    @Test
    void losesTheAcceptQueueWithoutTheDrain() throws IOException {
        this.target.assumeCommonControl();
        try (SampleProcess server = start(this.target.control())) {
            if (!limits()) {
                assertNothingIsQueued(server);
                return;
            }
            List<RawResponse> responses = terminateWithFullQueue(server, Duration.ofSeconds(7));
            long reset = responses.stream()
                    .filter((response) -> response.outcome() == Outcome.RESET)
                    .count();
            long lost = responses.stream()
                    .filter((response) -> response.outcome().isLost())
                    .count();
            this.target.print(
                    "accept queue without the drain: %d of %d lost, %d by a reset".formatted(lost, this.queued, reset));
            assertThat(reset).isGreaterThanOrEqualTo(this.queued);
        }
    }

    private boolean limits() {
        return !this.target.tls() || this.target.variant().limitsTlsConnections();
    }

    /** There the connection limit does not hold with TLS, so that there is nothing to lose: all are served at once. */
    private void assertNothingIsQueued(SampleProcess server) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < CONNECTION_LIMIT + this.queued; i++) {
            connections.add(server.client().withPatience(LIMIT).connect().request("GET", "/hello"));
        }
        assertThat(connections)
                .allSatisfy((connection) ->
                        assertThat(connection.readResponse().summary()).startsWith("COMPLETE 200"));
        connections.forEach(RawConnection::close);
    }

    private SampleProcess start(SampleProcess.Builder builder) {
        return builder.with(this.target.variant().connectionLimit(CONNECTION_LIMIT))
                .start();
    }

    /** Those in service hold the others back for so long: until plain Spring Boot has closed the listener, at least. */
    private List<RawResponse> terminateWithFullQueue(SampleProcess server, Duration held) throws IOException {
        List<Callable<RawResponse>> requests = new ArrayList<>();
        RawClient client = server.client().withPatience(LIMIT);
        boolean blocked = this.target.variant().container().isHeldByARequest();
        if (blocked) {
            RawConnection holding = client.connect().request("GET", "/block?ms=" + held.toMillis());
            requests.add(holding::read);
            Moment.await(System.nanoTime(), HOLD);
        }
        for (int i = requests.size(); i < CONNECTION_LIMIT + this.queued; i++) {
            // One after the other, so that the first ones are those in service.
            RawConnection connection = client.connect();
            String path = (i < CONNECTION_LIMIT && !blocked) ? "/slow?ms=" + held.toMillis() : "/slow?ms=200";
            requests.add(() -> connection.request("GET", path).read());
        }
        ConcurrentClients<RawResponse> clients = ConcurrentClients.start("queued", requests);
        Backlog.await(server.port(), this.queued, Duration.ofSeconds(20));
        server.terminate();
        return clients.results(LIMIT);
    }
}
