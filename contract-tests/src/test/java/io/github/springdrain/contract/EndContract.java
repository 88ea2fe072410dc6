// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When the drain ends: at the deadline at the latest, and not a moment later than its last work. */
abstract class EndContract {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Target target;

    EndContract(Target target) {
        this.target = target;
    }

    @Test
    void theDeadlineAbortsAndNamesWhatIsLeft() throws IOException {
        try (SampleProcess server = this.target
                .sample()
                .with("--server.drain.timeout=3s", "--spring.lifecycle.timeout-per-shutdown-phase=30s")
                .start()) {
            RawConnection endless = inService(server, "GET", "/slow?ms=60000");
            RawConnection streamed = inService(server, "GET", "/stream?chunks=600&ms=100");
            long signal = server.terminate();
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            this.target.print("deadline 3 s: gone %d ms after the signal"
                    .formatted(exit.since(signal).toMillis()));

            assertThat(exit.since(signal)).isLessThan(Duration.ofSeconds(3).plus(DrainVerdict.SLACK));
            assertThat(exit.code()).isEqualTo(143);
            assertThat(endless.read().outcome().isLost()).isTrue();
            assertThat(streamed.read().outcome().isLost()).isTrue();
            String output = server.output().text();
            assertThat(server.output().lines((line) -> line.contains("WARN") && line.contains("Drain forced")))
                    .hasSize(1);
            assertThat(output)
                    .containsPattern("GET /slow, \\d+ ms old, from \\S*" + endless.localPort() + ", IN_SERVICE")
                    .containsPattern("GET /stream, \\d+ ms old, from \\S*" + streamed.localPort() + ", RESPONDING");
            assertThat(server.output().lines((line) -> line.contains("Drain report:")))
                    .singleElement()
                    .asString()
                    .contains("forced")
                    .contains("2 aborted");
            assertThat(server.output().lines((line) -> line.contains(" ERROR ") || line.startsWith("Exception in")))
                    .isEmpty();
        }
    }

    @Test
    void aSecondSignalAbortsAtOnceWhatIsLeftAndTheReportFileNamesIt() throws IOException {
        Path file = Files.createTempFile("termination-log", null);
        try (SampleProcess server = this.target
                .sample()
                .with("--server.drain.timeout=60s", "--server.drain.report.file=" + file)
                .start()) {
            RawConnection endless = inService(server, "GET", "/slow?ms=90000");
            server.terminate();
            server.output().await((line) -> line.contains("Drain FINISHING"), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(1100));
            assertThat(server.output().text()).doesNotContain("Drain FORCING");
            long second = server.terminate();
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            this.target.print("second signal: gone %d ms later (deadline: 60000)"
                    .formatted(exit.since(second).toMillis()));

            assertThat(exit.since(second)).isLessThan(Duration.ofSeconds(20));
            assertThat(exit.code()).isEqualTo(143);
            assertThat(endless.read().outcome().isLost()).isTrue();
            assertThat(server.output().text()).containsPattern("SIGTERM once more: the drain is forced \\d+ ms before");
            assertThat(Files.readString(file))
                    .hasLineCount(1)
                    .startsWith("drain forced in ")
                    .contains("1 aborted")
                    .contains("Aborted: GET /slow, ");
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void clientsThatAbortAreNotWaitedFor() throws IOException {
        try (SampleProcess server = this.target.sample().start()) {
            List<RawConnection> leaving = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                leaving.add(server.client()
                        .connect()
                        .head("POST", "/upload", 1_000_000)
                        .body(1000));
            }
            for (int i = 0; i < 8; i++) {
                leaving.add(server.client().connect().write("GET /hello HTTP/1.1\r\nHost: loc"));
            }
            for (int i = 0; i < 4; i++) {
                leaving.add(server.client().connect().request("GET", "/stream?chunks=1000&ms=50"));
            }
            Backlog.awaitEmpty(server.port(), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(300));
            long signal = server.terminate();
            Moment.await(signal, Duration.ofMillis(300));
            leaving.forEach(RawConnection::abort);
            ChildProcess.Exit exit = server.awaitExit(LIMIT);
            this.target.print("%d clients that abort: gone %d ms after the signal (deadline: 25000)"
                    .formatted(leaving.size(), exit.since(signal).toMillis()));
            assertThat(exit.since(signal)).isLessThan(Duration.ofSeconds(10));
        }
    }

    private static RawConnection inService(SampleProcess server, String method, String path) throws IOException {
        RawConnection connection = server.client().connect().request(method, path);
        Backlog.awaitEmpty(server.port(), LIMIT);
        Moment.await(System.nanoTime(), Duration.ofMillis(200));
        return connection;
    }
}
