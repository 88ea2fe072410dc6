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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process that stands still for a while (SIGSTOP): a paused container, a migrated machine, a cgroup without processor
 * time. Its clients and its clock go on.
 */
abstract class FreezeContract {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Longer than each limit of a connection without a request. */
    private static final Duration FREEZE = Duration.ofSeconds(7);

    private static final int FEW = 4;

    private final Target target;

    FreezeContract(Target target) {
        this.target = target;
    }

    @Test
    void whatClientsSendMeanwhileIsServed() throws IOException {
        Seen seen = freezeWhileFinishing(this.target.sample(), "Drain FINISHING");
        this.target.print("frozen while finishing: " + seen.summary());
        assertThat(seen.lost()).isEmpty();
        seen.verdict.inTime(seen.signal, Duration.ofSeconds(40)).graceful().quiet();
    }

    /** Says what plain Spring Boot makes of the same. */
    @Test
    void whatClientsSendMeanwhileWithoutTheDrain() throws IOException {
        this.target.assumeCommonControl();
        Seen seen = freezeWhileFinishing(this.target.control(), "Commencing graceful shutdown");
        this.target.print("frozen while finishing, without the drain: " + seen.summary());
        if (!this.target.variant().container().servesByFewThreads()) {
            assertThat(seen.lost()).isNotEmpty();
        }
    }

    private Seen freezeWhileFinishing(SampleProcess.Builder sample, String phase) throws IOException {
        try (SampleProcess server = sample.with(
                        "--server.drain.timeout=60s",
                        "--spring.lifecycle.timeout-per-shutdown-phase=60s",
                        "--server.drain.connections.first-request-grace=4s",
                        "--server.drain.connections.idle-grace=4s")
                .start()) {
            List<RawConnection> silent = connect(server);
            silent.forEach(RawConnection::handshake);
            List<RawConnection> kept = connect(server);
            kept.forEach((each) -> each.request("GET", "/hello").readResponse());
            List<RawConnection> heads = connect(server);
            heads.forEach((each) -> each.write("GET /hello HTTP/1.1\r\nHo"));
            List<RawConnection> uploads = connect(server);
            uploads.forEach((each) -> each.head("POST", "/upload", 2000).body(1000));
            RawConnection slow = server.client().connect().request("GET", "/slow?ms=12000");
            Backlog.awaitEmpty(server.port(), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(300));

            long signal = server.terminate();
            server.output().await((line) -> line.contains(phase), LIMIT);
            long frozen = server.signal("STOP");
            silent.forEach((each) -> each.request("GET", "/hello"));
            kept.forEach((each) -> each.request("GET", "/hello"));
            heads.forEach((each) -> each.write("st: localhost\r\n\r\n"));
            uploads.forEach((each) -> each.body(1000));
            Moment.await(frozen, FREEZE);
            server.signal("CONT");

            List<String> lines = new ArrayList<>();
            collect("silent", silent, lines);
            collect("kept", kept, lines);
            collect("head", heads, lines);
            collect("upload", uploads, lines);
            collect("slow", List.of(slow), lines);
            return new Seen(lines, signal, DrainVerdict.of(server));
        }
    }

    private static void collect(String name, List<RawConnection> connections, List<String> lines) {
        connections.forEach(
                (each) -> lines.add(name + ": " + each.read().summary().replace(", Connection: close", "")));
    }

    private static List<RawConnection> connect(SampleProcess server) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            connections.add(server.client().withPatience(LIMIT).connect());
        }
        return connections;
    }

    /** The clients that connect meanwhile may be lost, because the deadline is over then, but not without a word. */
    @ParameterizedTest
    @ValueSource(strings = {"ANNOUNCED", "FINISHING"})
    void aFreezePastTheDeadlineIsFollowedByTheEndAndATrueReport(String phase) throws IOException {
        Duration deadline = Duration.ofSeconds(4);
        Path file = Files.createTempFile("termination-log", null);
        try (SampleProcess server = this.target
                .sample()
                .with(
                        "--server.drain.timeout=" + deadline.toSeconds() + "s",
                        "--server.drain.announce.delay=2s",
                        "--server.drain.report.file=" + file)
                .start()) {
            RawConnection endless = server.client().connect().request("GET", "/slow?ms=90000");
            Backlog.awaitEmpty(server.port(), LIMIT);
            Moment.await(System.nanoTime(), Duration.ofMillis(300));
            long signal = server.terminate();
            server.output().await((line) -> line.contains("Drain " + phase), LIMIT);
            server.signal("STOP");
            List<RawConnection> late = new ArrayList<>();
            if (phase.equals("ANNOUNCED")) {
                late.addAll(connect(server));
                if (!this.target.tls()) {
                    late.forEach((each) -> each.request("GET", "/hello"));
                }
            }
            Moment.await(signal, deadline.plusSeconds(5));
            long thawed = server.signal("CONT");
            ConcurrentClients<RawResponse> responses = ConcurrentClients.forEach(
                    "late",
                    late,
                    (each) -> this.target.tls() ? each.request("GET", "/hello").read() : each.read());
            DrainVerdict verdict = DrainVerdict.of(server);
            long lost = responses.results(LIMIT).stream()
                    .filter((response) -> response.outcome().isLost())
                    .count();
            this.target.print(
                    "frozen from %s past the deadline: gone %d ms after it went on, %d of %d late clients lost; %s"
                            .formatted(
                                    phase,
                                    verdict.exit().since(thawed).toMillis(),
                                    lost,
                                    late.size(),
                                    verdict.report()));
            assertThat(endless.read().outcome().isLost()).isTrue();
            verdict.inTime(thawed, Duration.ZERO)
                    .forced()
                    .quietBesideAborts(
                            this.target.variant().container(),
                            "Drain forced",
                            "left in the accept queue",
                            "not waited for any longer")
                    .accountsFor(1 + lost);
            assertThat(verdict.output().text()).doesNotContain("is not waited for any longer");
            assertThat(verdict.report()).doesNotContain("failed:");
            // One whose response leaves in this very moment is counted with those that were lost.
            assertThat(verdict.aborted()).isBetween(1, 1 + late.size());
            assertThat(Files.readString(file)).hasLineCount(1).startsWith("drain forced in ");
        } finally {
            Files.delete(file);
        }
    }

    /** The signal waits until the process goes on; what came before it is served. */
    @Test
    void aSignalToAFrozenProcessStartsTheDrainWhenItGoesOn() throws IOException {
        try (SampleProcess server = this.target.sample().start()) {
            server.signal("STOP");
            List<RawConnection> late = connect(server);
            ConcurrentClients<RawResponse> responses = ConcurrentClients.forEach(
                    "late", late, (each) -> each.request("GET", "/hello").read());
            Backlog.await(server.port(), FEW, LIMIT);
            server.terminate();
            Moment.await(System.nanoTime(), Duration.ofSeconds(2));
            long thawed = server.signal("CONT");
            DrainVerdict verdict = DrainVerdict.of(server);
            assertThat(responses.results(LIMIT))
                    .allSatisfy((response) -> assertThat(response.summary()).startsWith("COMPLETE 200"));
            verdict.inTime(thawed, Duration.ofSeconds(25)).graceful().quiet();
        }
    }

    /** What the clients got. */
    private record Seen(List<String> responses, long signal, DrainVerdict verdict) {

        List<String> lost() {
            return this.responses.stream()
                    .filter((line) -> !line.contains(": COMPLETE 200"))
                    .toList();
        }

        String summary() {
            return "%d of %d lost %s".formatted(lost().size(), this.responses.size(), lost());
        }
    }
}
