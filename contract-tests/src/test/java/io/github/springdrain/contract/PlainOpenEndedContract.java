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
    void theyAreCutWithoutTheDrain() throws IOException {
        try (SampleProcess server = this.target
                .control()
                .with("--spring.lifecycle.timeout-per-shutdown-phase=1s")
                .start()) {
            List<WebSocketPeer> peers = open(server, 2);
            ConcurrentClients<WebSocketClose> farewells =
                    ConcurrentClients.forEach("session", peers, (peer) -> WebSocketClose.of(peer, true, LIMIT));
            ConcurrentClients<TimedResponse> streams = ConcurrentClients.start("sse", 2, () -> stream(server));
            Moment.await(System.nanoTime(), Duration.ofMillis(600));
            server.terminate();
            server.awaitExit(LIMIT);
            List<TimedResponse> seen = streams.results(LIMIT);
            List<WebSocketClose> ends = farewells.results(LIMIT);
            this.target.print("long-lived without the drain: %s, %s".formatted(ends, seen));
            assertThat(seen).allMatch((stream) -> stream.answer().outcome().isLost());
            if (this.target.variant().loses(Loss.UNTOLD_SESSIONS)) {
                assertThat(ends).allMatch((farewell) -> farewell.code() != 1001);
            }
        }
    }
}
