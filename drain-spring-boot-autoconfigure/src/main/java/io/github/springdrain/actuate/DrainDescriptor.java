// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.actuate;

import io.github.springdrain.DrainFailure;
import io.github.springdrain.DrainStatus;
import io.github.springdrain.ListenerStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Where a drain stands, as the endpoint reports it. Strings and numbers only, so that it looks the same whatever writes
 * it; instants and durations in ISO 8601, as everywhere in the actuator.
 *
 * @param phase the phase, such as {@code RUNNING} or {@code ANNOUNCED}
 * @param server the container's name
 * @param trigger what started the drain; absent while running
 * @param startedAt when the drain started; absent while running
 * @param deadline when it is over at the latest; absent while running
 * @param remaining the time until then; absent while running
 * @param listeners every listener with the level of its gate
 * @param connections how many connections are in which state; states without one are absent
 * @param lingering connections that are half-closed and being read to their end
 * @param participants the pieces of work that each participant had left when it was last asked; empty while running
 * @param failures what failed so far in the drain; while running, in finding out where it stands
 * @param report what came of the drain; absent until it is over
 */
public record DrainDescriptor(
        String phase,
        String server,
        @Nullable String trigger,
        @Nullable String startedAt,
        @Nullable String deadline,
        @Nullable String remaining,
        List<ListenerStatus> listeners,
        Map<String, Integer> connections,
        int lingering,
        Map<String, Integer> participants,
        List<DrainFailure> failures,
        @Nullable ReportDescriptor report)
        implements OperationResponseBody {

    static DrainDescriptor of(DrainStatus status) {
        Map<String, Integer> connections = new LinkedHashMap<>();
        status.connections().forEach((state, count) -> connections.put(state.name(), count));
        return new DrainDescriptor(
                status.phase().name(),
                status.server(),
                text(status.trigger()),
                text(status.startedAt()),
                text(status.deadline()),
                text(status.remaining()),
                status.listeners(),
                connections,
                status.lingering(),
                status.participants(),
                status.failures(),
                (status.report() != null) ? ReportDescriptor.of(status.report()) : null);
    }

    private static @Nullable String text(@Nullable Object value) {
        return (value != null) ? value.toString() : null;
    }
}
