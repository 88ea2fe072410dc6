// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.DrainFailure;
import io.github.springdrain.DrainReport;
import io.github.springdrain.ParticipantReport;
import io.github.springdrain.RequestSnapshot;
import java.util.List;
import java.util.stream.Stream;

/** What a forced drain has aborted, and what failed meanwhile, for the log: one line each, of a bounded number. */
final class AbortedWork {

    private static final int LONGEST = 50;

    private final DrainReport report;

    private final List<String> entries;

    AbortedWork(DrainReport report) {
        this.report = report;
        this.entries = entries(report);
    }

    /** A line for everything that was aborted. */
    static List<String> entries(DrainReport report) {
        return Stream.concat(
                        report.aborted().stream().flatMap(AbortedWork::describe),
                        report.participants().stream()
                                .filter((participant) -> participant.aborted() > 0)
                                .map(AbortedWork::describe))
                .map(AbortedWork::printable)
                .toList();
    }

    private static String describe(ParticipantReport participant) {
        return "participant %s, %s of work".formatted(participant.name(), counted(participant.aborted(), "piece"));
    }

    private static String describe(DrainFailure failure) {
        return printable("failed %s: %s, %s"
                .formatted(
                        (failure.count() == 1) ? "once" : failure.count() + " times",
                        failure.step(),
                        failure.reason()));
    }

    private static String counted(int count, String what) {
        return count + " " + what + ((count == 1) ? "" : "s");
    }

    private static Stream<String> describe(ConnectionSnapshot connection) {
        if (connection.requests().isEmpty()) {
            return Stream.of("%s connection from %s, %s"
                    .formatted(connection.protocol(), connection.remote(), connection.state()));
        }
        return connection.requests().stream().map((request) -> describe(connection, request));
    }

    private static String describe(ConnectionSnapshot connection, RequestSnapshot request) {
        return "%s %s, %d ms old, from %s, %s, %s, read %d and wrote %d bytes"
                .formatted(
                        request.method(),
                        request.path(),
                        request.age().toMillis(),
                        connection.remote(),
                        connection.state(),
                        (request.thread() != null) ? "thread " + request.thread() : "no thread",
                        request.bytesRead(),
                        request.bytesWritten());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Drain forced after %d ms, aborted %s and %s"
                .formatted(
                        this.report.duration().toMillis(),
                        counted(this.report.aborted().size(), "connection"),
                        counted(this.report.participantsAborted().size(), "participant")));
        this.entries.stream()
                .limit(LONGEST)
                .forEach((entry) -> text.append("\n  ").append(entry));
        if (this.entries.size() > LONGEST) {
            text.append("\n  and ").append(this.entries.size() - LONGEST).append(" more");
        }
        this.report.failures().stream()
                .limit(LONGEST)
                .forEach((failure) -> text.append("\n  ").append(describe(failure)));
        return text.toString();
    }

    /** A path comes from the client: it must not start a line of its own. */
    private static String printable(String entry) {
        return entry.replaceAll("\\p{Cntrl}", "?");
    }
}
