// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of a drain.
 *
 * @param outcome how it ended
 * @param trigger what started it
 * @param server the name of the server that was drained; {@code null} where there is none that the library drains
 * @param startedAt when it started
 * @param duration how long it took
 * @param phases how long it stayed in each phase it went through, in order
 * @param acceptQueue what came of emptying the accept queue
 * @param connectionsAccepted connections accepted from the announcement on; {@link #UNKNOWN} when it is not known
 * @param requestsCompleted requests completed from the announcement on; {@link #UNKNOWN} when it is not known
 * @param aborted the connections that had work left when the time was over
 * @param participants what came of each participant
 * @param failures what failed meanwhile: could not be done, or could not be seen
 */
public record DrainReport(
        Outcome outcome,
        DrainTrigger trigger,
        @Nullable String server,
        Instant startedAt,
        Duration duration,
        Map<DrainPhase, Duration> phases,
        AcceptQueueOutcome acceptQueue,
        long connectionsAccepted,
        long requestsCompleted,
        List<ConnectionSnapshot> aborted,
        List<ParticipantReport> participants,
        List<DrainFailure> failures) {

    /** Stands for a number that is not known. */
    public static final long UNKNOWN = -1;

    /** Copies what could change. */
    public DrainReport {
        phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
        aborted = List.copyOf(aborted);
        participants = List.copyOf(participants);
        failures = List.copyOf(failures);
    }

    /** How a drain ended. */
    public enum Outcome {

        /** Everything ran to its end. */
        GRACEFUL,

        /** Something was aborted at the deadline, or it is not known that nothing was lost. */
        FORCED,

        /** The drain was resumed and the server serves on. */
        RESUMED
    }

    /** The names of the participants that had work left when the time was over. */
    public List<String> participantsAborted() {
        return this.participants.stream()
                .filter((participant) -> participant.aborted() > 0)
                .map(ParticipantReport::name)
                .toList();
    }

    /** The report in one line, for logs and for operators. */
    public String summary() {
        if (this.server == null) {
            return "drain %s in %d ms: no server was drained%s%s"
                    .formatted(
                            this.outcome.name().toLowerCase(Locale.ROOT),
                            this.duration.toMillis(),
                            backgroundWork(),
                            failed());
        }
        return "drain %s in %d ms: %s completed, %s accepted while draining, %d of them rescued from the accept queue, %d aborted%s%s%s%s"
                .formatted(
                        this.outcome.name().toLowerCase(Locale.ROOT),
                        this.duration.toMillis(),
                        counted(this.requestsCompleted, "request"),
                        counted(this.connectionsAccepted, "connection"),
                        this.acceptQueue.rescued(),
                        this.aborted.size(),
                        leftInAcceptQueue(),
                        this.acceptQueue.handedOver() ? "; handed over to another listener" : "",
                        backgroundWork(),
                        failed());
    }

    private String leftInAcceptQueue() {
        if (this.acceptQueue.level().equals(AcceptQueueOutcome.UNKNOWN.level())) {
            return "; what was left in the accept queue is not known";
        }
        int left = this.acceptQueue.notAccepted() + this.acceptQueue.abandonedHandshakes();
        return (left > 0) ? "; %s left in the accept queue at its limit".formatted(counted(left, "connection")) : "";
    }

    private String backgroundWork() {
        int active =
                this.participants.stream().mapToInt(ParticipantReport::active).sum();
        int left =
                this.participants.stream().mapToInt(ParticipantReport::aborted).sum();
        return (active + left > 0)
                ? "; background work: %s when announced, %d aborted".formatted(counted(active, "piece"), left)
                : "";
    }

    private String failed() {
        return this.failures.isEmpty()
                ? ""
                : this.failures.stream()
                        .map((failure) ->
                                failure.step() + ((failure.count() > 1) ? " " + failure.count() + " times" : ""))
                        .collect(Collectors.joining(", ", "; failed: ", ""));
    }

    private static String counted(long count, String what) {
        return ((count == UNKNOWN) ? "an unknown number of" : count) + " " + what + ((count == 1) ? "" : "s");
    }
}
