// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainFailure;
import io.github.springdrain.DrainHandle;
import io.github.springdrain.DrainPhase;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.ParticipantReport;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.engine.DrainSettings;
import io.github.springdrain.testing.LogLines;
import io.github.springdrain.testing.RecordingServer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainLoggerTests {

    private final LogLines lines = new LogLines(DrainLogger.class);

    @AfterEach
    void stopListening() {
        this.lines.close();
    }

    @Test
    void logsTheStartTheEndAndTheReportAndThePhasesInBetweenAtDebug() throws Exception {
        DrainEngine drain = new DrainEngine(DrainSettings.DEFAULTS);
        drain.attach(new RecordingServer());
        drain.addListener(new DrainLogger());
        DrainHandle run = drain.start(DrainTrigger.ENDPOINT);
        assertThat(run.awaitReport()).isTrue();
        assertThat(this.lines.info())
                .satisfiesExactly(
                        (line) -> assertThat(line).matches("Drain ANNOUNCED: .* deadline in \\d+ ms"),
                        (line) -> assertThat(line).startsWith("Drain DRAINED: "),
                        (line) -> assertThat(line).startsWith("Drain report: drain graceful in "));
        assertThat(this.lines.debug())
                .satisfiesExactly(
                        (line) -> assertThat(line).startsWith("Drain EMPTYING_ACCEPT_QUEUE: "),
                        (line) -> assertThat(line).startsWith("Drain CLOSED_TO_NEW: "),
                        (line) -> assertThat(line).startsWith("Drain FINISHING: "));
        assertThat(this.lines.warn()).isEmpty();
    }

    @Test
    void logsThatTheDrainWasResumed() {
        new DrainLogger().resumed();
        assertThat(this.lines.info()).containsExactly("Drain RUNNING: resumed, serving again");
    }

    @Test
    void warnsOnceOfEverythingThatWasAborted() {
        new DrainLogger()
                .drained(forced(
                        List.of(connection("/slow"), silent()),
                        List.of(new ParticipantReport("queue consumer", 3, 2))));
        assertThat(this.lines.warn())
                .singleElement()
                .satisfies((warning) -> assertThat(warning.lines())
                        .containsExactly(
                                "Drain forced after 25000 ms, aborted 2 connections and 1 participant",
                                "  GET /slow, 60000 ms old, from 192.0.2.1:4711, IN_SERVICE, thread exec-1, read 0 and wrote 12 bytes",
                                "  HTTP/2 connection from 192.0.2.2:4712, HANDSHAKE",
                                "  participant queue consumer, 2 pieces of work"));
        assertThat(this.lines.info())
                .singleElement()
                .satisfies((line) -> assertThat(line)
                        .startsWith("Drain report: drain forced in 25000 ms")
                        .endsWith("2 aborted; background work: 3 pieces when announced, 2 aborted"));
    }

    @Test
    void reportsWhatFailedMeanwhile() {
        new DrainLogger()
                .drained(forced(
                        List.of(),
                        List.of(),
                        List.of(
                                new DrainFailure("closeListeners", 1, "java.io.IOException: no\nmore"),
                                new DrainFailure("connections", 1200, "java.lang.IllegalStateException: no"))));
        assertThat(this.lines.warn().get(0).lines())
                .containsExactly(
                        "Drain forced after 25000 ms, aborted 0 connections and 0 participants",
                        "  failed once: closeListeners, java.io.IOException: no?more",
                        "  failed 1200 times: connections, java.lang.IllegalStateException: no");
        assertThat(this.lines.info().get(0)).endsWith("0 aborted; failed: closeListeners, connections 1200 times");
    }

    @Test
    void reportsWhatWasLeftInTheAcceptQueue() {
        AcceptQueueOutcome left = new AcceptQueueOutcome("DEVICE_GATE", "", 5, 1, 14, false, true);
        new DrainLogger()
                .drained(new DrainReport(
                        DrainReport.Outcome.GRACEFUL,
                        DrainTrigger.CONTEXT_CLOSE,
                        "Tomcat",
                        Instant.EPOCH,
                        Duration.ofSeconds(4),
                        Map.of(),
                        left,
                        0,
                        0,
                        List.of(),
                        List.of(),
                        List.of()));
        assertThat(this.lines.info().get(0))
                .endsWith("0 aborted; 15 connections left in the accept queue at its limit;"
                        + " handed over to another listener");
    }

    @Test
    void listsFiftyAndSaysHowManyMore() {
        new DrainLogger().drained(forced(Collections.nCopies(53, connection("/slow")), List.of()));
        assertThat(this.lines.warn().get(0).lines()).hasSize(52).endsWith("  and 3 more");
    }

    @Test
    void keepsAPathFromStartingALineOfItsOwn() {
        new DrainLogger().drained(forced(List.of(connection("/a\r\nINFO forged")), List.of()));
        assertThat(this.lines.warn().get(0).lines()).hasSize(2);
    }

    @Test
    void structuredLogsGetThePhaseTheOutcomeAndWhatWasAborted() throws Exception {
        DrainEngine drain = new DrainEngine(DrainSettings.DEFAULTS);
        drain.attach(new RecordingServer());
        drain.addListener(new DrainLogger());
        assertThat(drain.start(DrainTrigger.ENDPOINT).awaitReport()).isTrue();
        assertThat(this.lines.fields())
                .startsWith(
                        Map.of("drain.phase", DrainPhase.ANNOUNCED),
                        Map.of("drain.phase", DrainPhase.EMPTYING_ACCEPT_QUEUE))
                .endsWith(
                        Map.of("drain.phase", DrainPhase.DRAINED),
                        Map.of("drain.outcome", DrainReport.Outcome.GRACEFUL, "drain.aborted", 0));
    }

    @Test
    void structuredLogsOfAForcedDrainSayHowMuchWasAborted() {
        new DrainLogger().drained(forced(List.of(connection("/slow"), silent()), List.of()));
        assertThat(this.lines.fields())
                .hasSize(2)
                .containsOnly(Map.of("drain.outcome", DrainReport.Outcome.FORCED, "drain.aborted", 2));
    }

    private static ConnectionSnapshot connection(String path) {
        RequestSnapshot request = new RequestSnapshot("GET", path, Duration.ofSeconds(60), 0, 12, "exec-1");
        return new ConnectionSnapshot(ConnectionState.IN_SERVICE, "192.0.2.1:4711", "HTTP/1.1", List.of(request));
    }

    private static ConnectionSnapshot silent() {
        return new ConnectionSnapshot(ConnectionState.HANDSHAKE, "192.0.2.2:4712", "HTTP/2", List.of());
    }

    private static DrainReport forced(List<ConnectionSnapshot> aborted, List<ParticipantReport> participants) {
        return forced(aborted, participants, List.of());
    }

    private static DrainReport forced(
            List<ConnectionSnapshot> aborted, List<ParticipantReport> participants, List<DrainFailure> failures) {
        return new DrainReport(
                DrainReport.Outcome.FORCED,
                DrainTrigger.CONTEXT_CLOSE,
                "Tomcat",
                Instant.EPOCH,
                Duration.ofSeconds(25),
                Map.of(),
                AcceptQueueOutcome.NOTHING,
                0,
                0,
                aborted,
                participants,
                failures);
    }
}
