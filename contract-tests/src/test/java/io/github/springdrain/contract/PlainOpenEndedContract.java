// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What TLS would change nothing in. */
abstract class PlainOpenEndedContract extends OpenEndedContract {

    private final Target target;

    PlainOpenEndedContract(Target target) {
        super(target);
        this.target = target;
    }

    @Test
    void theyAreAbortedWithoutTheDrain() throws IOException {
        try (SampleProcess server = this.target
                .control()
                .with("--spring.lifecycle.timeout-per-shutdown-phase=1s")
                .start()) {
            List<WebSocketPeer> peers = open(server, 2);
            ConcurrentClients<WebSocketClose> closes =
                    ConcurrentClients.forEach("session", peers, (peer) -> WebSocketClose.of(peer, true, LIMIT));
            ConcurrentClients<TimedResponse> streams = ConcurrentClients.start("sse", 2, () -> stream(server));
            Moment.await(System.nanoTime(), Duration.ofMillis(600));
            server.terminate();
            server.awaitExit(LIMIT);
            List<TimedResponse> seen = streams.results(LIMIT);
            List<WebSocketClose> ends = closes.results(LIMIT);
            this.target.print("open-ended without the drain: %s, %s".formatted(ends, seen));
            assertThat(seen).allMatch((stream) -> stream.response().outcome().isLost());
            if (this.target.variant().loses(Loss.UNNOTIFIED_SESSIONS)) {
                assertThat(ends).allMatch((close) -> close.code() != 1001);
            }
        }
    }
}
