// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The time between the announcement and the closing: everything is served, and every client is notified. */
abstract class AnnouncementContract {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Target target;

    AnnouncementContract(Target target) {
        this.target = target;
    }

    @Test
    void everyClientIsServedAndNotified() throws IOException {
        try (SampleProcess server =
                this.target.sample().with("--server.drain.announce.delay=4s").start()) {
            List<KeepAliveClient> clients = Stream.generate(() -> new KeepAliveClient(server.client()))
                    .limit(8)
                    .toList();
            ConcurrentClients<List<KeepAliveClient.Exchange>> concurrent =
                    ConcurrentClients.start("keep-alive", clients);
            // On a loaded machine the signal takes its time to reach the application.
            RawConnection inService = server.client().connect().request("GET", "/slow?ms=3500");
            Moment.await(System.nanoTime(), Duration.ofMillis(500));

            long signal = server.terminate();
            server.output().await((line) -> line.contains("Drain ANNOUNCED"), LIMIT);
            assertThat(server.client().get("/actuator/health/readiness").outcome())
                    .isEqualTo(Outcome.UNAVAILABLE_503);
            assertThat(server.client().get("/actuator/health/liveness").status())
                    .isEqualTo(200);
            assertThat(inService.read().summary()).isEqualTo("COMPLETE 200, 9 bytes, EOF, Connection: close");

            server.awaitExit(LIMIT);
            clients.forEach(KeepAliveClient::end);
            KeepAliveLog log = new KeepAliveLog(
                    concurrent.results(LIMIT).stream().flatMap(List::stream).toList());
            this.target.print("%d responses after the announcement"
                    .formatted(log.responsesAfterAnnouncement().size()));
            assertThat(log.losses(signal)).isEmpty();
            assertThat(log.responsesAfterAnnouncement())
                    .hasSizeGreaterThan(clients.size())
                    .allMatch(RawResponse::isConnectionClose);
        }
    }

    @Test
    void aGradualAnnouncementSpreadsTheReconnectsOverTheDelay() {
        try (SampleProcess server = this.target
                .sample()
                .with("--server.drain.announce.delay=3s", "--server.drain.announce.connection-close=gradual")
                .start()) {
            List<KeepAliveClient> clients = Stream.generate(() -> new KeepAliveClient(server.client()))
                    .limit(8)
                    .toList();
            ConcurrentClients<List<KeepAliveClient.Exchange>> concurrent =
                    ConcurrentClients.start("keep-alive", clients);
            long signal = server.terminate();
            long begin = server.output()
                    .await((line) -> line.contains("Drain ANNOUNCED"), LIMIT)
                    .atNanos();
            long end = server.output()
                    .await((line) -> line.contains("Drain EMPTYING_ACCEPT_QUEUE"), LIMIT)
                    .atNanos();
            clients.forEach(KeepAliveClient::end);
            KeepAliveLog log = new KeepAliveLog(
                    concurrent.results(LIMIT).stream().flatMap(List::stream).toList());
            long third = (end - begin) / 3;
            double early = log.closeShare(begin, begin + third);
            double late = log.closeShare(end - third, end);
            this.target.print(
                    "gradual: %.2f of the responses close in the first third of the delay, %.2f in the last (expected: 0.17, 0.83)"
                            .formatted(early, late));
            assertThat(log.losses(signal)).isEmpty();
            assertThat(early).isLessThan(0.6);
            assertThat(late).isGreaterThan(early + 0.15);
        }
    }
}
