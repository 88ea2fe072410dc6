// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Well-behaved clients that go on beside a fault: some keep their connections, one sends a request after the other over
 * a connection each, and one uploads piece by piece, with a pause. Ends by itself when the server takes no connection any more.
 */
final class Bystanders {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final int KEEP_ALIVE = 4;

    private static final int UPLOAD_PIECES = 10;

    /** Longer than the second that Jetty's own shutdown leaves a connection. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final List<KeepAliveClient> clients;

    private final ConcurrentClients<List<KeepAliveClient.Exchange>> exchanges;

    private final RawConnection upload;

    Bystanders(SampleProcess server) throws IOException {
        RawClient client = server.client().withPatience(LIMIT);
        this.clients = Stream.generate(() -> new KeepAliveClient(client))
                .limit(KEEP_ALIVE)
                .toList();
        this.exchanges = ConcurrentClients.start("bystander", this.clients);
        this.upload =
                client.connect().head("POST", "/upload", UPLOAD_PIECES * 1000L).body(1000);
    }

    /** Ends them, and checks that each of them had all its responses. Once the server is gone. */
    void assertUnharmed(long signalNanos) {
        List<KeepAliveClient.Exchange> all = exchanges();
        assertThat(new KeepAliveLog(all).losses(signalNanos))
                .as("losses of bystanders")
                .isEmpty();
        assertThat(all.stream().filter((exchange) -> exchange.response().outcome() == Outcome.COMPLETE))
                .as("what bystanders were served")
                .isNotEmpty();
    }

    /** How many requests of them came to nothing. */
    int harmed(long signalNanos) {
        return new KeepAliveLog(exchanges()).losses(signalNanos).size();
    }

    private List<KeepAliveClient.Exchange> exchanges() {
        this.clients.forEach(KeepAliveClient::end);
        return this.exchanges.results(LIMIT).stream().flatMap(List::stream).toList();
    }

    /** Sends the rest of the upload, and returns the response. */
    RawResponse finishUpload() {
        return this.upload
                .bodyInPieces(1, 1000, PAUSE)
                .bodyInPieces(UPLOAD_PIECES - 2, 1000, Duration.ofMillis(50))
                .read();
    }
}
