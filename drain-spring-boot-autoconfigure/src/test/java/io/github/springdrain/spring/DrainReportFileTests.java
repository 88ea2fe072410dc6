// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.DrainReport;
import io.github.springdrain.DrainReportEvent;
import io.github.springdrain.DrainTrigger;
import io.github.springdrain.ParticipantReport;
import io.github.springdrain.RequestSnapshot;
import io.github.springdrain.testing.LogLines;
import io.github.springdrain.testing.WebApplication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainReportFileTests {

    @TempDir
    private Path directory;

    @Test
    void writesOneLineInPlaceOfWhatWasThere() throws IOException {
        Path file = Files.writeString(this.directory.resolve("termination-log"), "x".repeat(1000));
        new DrainReportFile(file)
                .drained(report(List.of(connection("/slow")), List.of(new ParticipantReport("queue consumer", 3, 1))));
        assertThat(Files.readString(file))
                .isEqualTo("drain forced in 25000 ms: 7 requests completed, 5 connections accepted while draining,"
                        + " 3 of them rescued from the accept queue, 1 aborted; background work: 3 pieces when"
                        + " announced, 1 aborted. Aborted: GET /slow, 60000 ms old, from"
                        + " 192.0.2.1:4711, IN_SERVICE, thread exec-1, read 0 and wrote 12 bytes;"
                        + " participant queue consumer, 1 piece of work\n");
    }

    @Test
    void endsWithTheFiguresWhereNothingWasAborted() throws IOException {
        Path file = this.directory.resolve("new");
        new DrainReportFile(file).drained(report(List.of(), List.of()));
        assertThat(Files.readString(file)).endsWith("0 aborted\n").hasLineCount(1);
    }

    @Test
    void keepsToWhatAKubeletShows() throws IOException {
        Path file = this.directory.resolve("long");
        new DrainReportFile(file).drained(report(Collections.nCopies(500, connection("/caf\u00e9/\u2615")), List.of()));
        assertThat(Files.size(file)).isBetween(3700L, 4096L);
        String line = Files.readString(file);
        int named = line.split("GET /", -1).length - 1;
        assertThat(line).endsWith(" and " + (500 - named) + " more\n").hasLineCount(1);
    }

    @Test
    void shortensAPathAndKeepsItFromStartingALineOfItsOwn() throws IOException {
        Path file = this.directory.resolve("hostile");
        new DrainReportFile(file)
                .drained(report(
                        List.of(connection("/a\n" + "\ud83d\ude00".repeat(5000)), connection("/b")), List.of()));
        assertThat(Files.readString(file)).hasLineCount(1).contains("/a?").contains("...; GET /b");
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)).doesNotContain("\ufffd");
    }

    @Test
    void costsOneLineInTheLogWhereItCannotBeWritten() {
        try (LogLines lines = new LogLines(DrainReportFile.class)) {
            new DrainReportFile(this.directory.resolve("missing/file")).drained(report(List.of(), List.of()));
            new DrainReportFile(this.directory).drained(report(List.of(), List.of()));
            assertThat(lines.warn())
                    .hasSize(2)
                    .allSatisfy((line) -> assertThat(line).contains("server.drain.report.file"));
        }
    }

    @Test
    void isTheBusinessOfTheApplicationOnlyWhereOneIsNamed() {
        try (LogLines lines = new LogLines(DrainReportFile.class)) {
            new DrainReportFile(null).drained(report(List.of(), List.of()));
            assertThat(lines.warn()).isEmpty();
        }
    }

    @Test
    void isWrittenBeforeTheServerIsStopped() {
        Path file = this.directory.resolve("termination-log");
        WebApplication application = new WebApplication().with("server.drain.report.file=" + file);
        application.on(DrainReportEvent.class, (event) -> application.story().add("written: " + Files.exists(file)));
        application.start();
        application.close();
        assertThat(application.story()).containsSubsequence("written: true", "Boot stops the server");
    }

    private static ConnectionSnapshot connection(String path) {
        RequestSnapshot request = new RequestSnapshot("GET", path, Duration.ofSeconds(60), 0, 12, "exec-1");
        return new ConnectionSnapshot(ConnectionState.IN_SERVICE, "192.0.2.1:4711", "HTTP/1.1", List.of(request));
    }

    private static DrainReport report(List<ConnectionSnapshot> aborted, List<ParticipantReport> participants) {
        return new DrainReport(
                aborted.isEmpty() ? DrainReport.Outcome.GRACEFUL : DrainReport.Outcome.FORCED,
                DrainTrigger.CONTEXT_CLOSE,
                "Tomcat",
                Instant.EPOCH,
                Duration.ofSeconds(25),
                Map.of(),
                new AcceptQueueOutcome("DEVICE_GATE", "", 3, 0, 0, true, false),
                5,
                7,
                aborted,
                participants,
                List.of());
    }
}
