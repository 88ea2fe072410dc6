// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import io.github.springdrain.AcceptQueueOutcome;
import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.DrainFailure;
import io.github.springdrain.DrainReport;
import io.github.springdrain.ParticipantReport;
import io.github.springdrain.RequestSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of a drain, as the endpoint reports it.
 *
 * @param outcome how it ended: {@code GRACEFUL}, {@code FORCED} or {@code RESUMED}
 * @param trigger what started it
 * @param startedAt when it started
 * @param duration how long it took
 * @param phases how long it stayed in each phase it went through, in order
 * @param acceptQueue what came of emptying the accept queue
 * @param connectionsAccepted connections accepted from the announcement on; -1 when it is not known
 * @param requestsCompleted requests completed from the announcement on; -1 when it is not known
 * @param aborted the connections that had work left when the time was over
 * @param participants the work of each participant: under way at the announcement, and aborted when the time was over
 * @param failures what failed meanwhile: could not be done, or could not be seen
 */
public record ReportDescriptor(
        String outcome,
        String trigger,
        String startedAt,
        String duration,
        Map<String, String> phases,
        AcceptQueueOutcome acceptQueue,
        long connectionsAccepted,
        long requestsCompleted,
        List<Connection> aborted,
        List<ParticipantReport> participants,
        List<DrainFailure> failures) {

    static ReportDescriptor of(DrainReport report) {
        Map<String, String> phases = new LinkedHashMap<>();
        report.phases().forEach((phase, duration) -> phases.put(phase.name(), duration.toString()));
        return new ReportDescriptor(
                report.outcome().name(),
                report.trigger().name(),
                report.startedAt().toString(),
                report.duration().toString(),
                phases,
                report.acceptQueue(),
                report.connectionsAccepted(),
                report.requestsCompleted(),
                report.aborted().stream().map(Connection::of).toList(),
                report.participants(),
                report.failures());
    }

    /**
     * A connection that was aborted.
     *
     * @param state what it was doing
     * @param remote the peer's address and port
     * @param protocol the protocol spoken
     * @param requests the requests in service
     */
    public record Connection(String state, String remote, String protocol, List<Request> requests) {

        static Connection of(ConnectionSnapshot connection) {
            return new Connection(
                    connection.state().name(),
                    connection.remote(),
                    connection.protocol(),
                    connection.requests().stream().map(Request::of).toList());
        }
    }

    /**
     * A request that was aborted.
     *
     * @param method the HTTP method
     * @param path the path without its query
     * @param age the time since the request began
     * @param bytesRead bytes of the request body read; -1 when it is not known
     * @param bytesWritten bytes of the response body written; -1 when it is not known
     * @param thread the thread that served it; absent when none did
     */
    public record Request(
            String method,
            String path,
            String age,
            long bytesRead,
            long bytesWritten,
            @Nullable String thread) {

        static Request of(RequestSnapshot request) {
            return new Request(
                    request.method(),
                    request.path(),
                    request.age().toString(),
                    request.bytesRead(),
                    request.bytesWritten(),
                    request.thread());
        }
    }
}
