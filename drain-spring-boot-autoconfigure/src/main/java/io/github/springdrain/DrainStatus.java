// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a drain stands, for people and for scripts.
 *
 * @param phase the phase
 * @param server the container's name
 * @param trigger what started the drain; {@code null} while running
 * @param startedAt when the drain started; {@code null} while running
 * @param deadline when it is over at the latest; {@code null} while running
 * @param remaining the time until then; {@code null} while running
 * @param listeners every listener with the level of its gate
 * @param connections how many connections are in which state
 * @param lingering connections that are half-closed and being read to their end
 * @param participants the pieces of work that each participant had left when it was last asked; empty while running
 * @param failures what failed so far in the drain; while running, in finding out where it stands
 * @param report what came of the drain; {@code null} until it is over
 */
public record DrainStatus(
        DrainPhase phase,
        String server,
        @Nullable DrainTrigger trigger,
        @Nullable Instant startedAt,
        @Nullable Instant deadline,
        @Nullable Duration remaining,
        List<ListenerStatus> listeners,
        Map<ConnectionState, Integer> connections,
        int lingering,
        Map<String, Integer> participants,
        List<DrainFailure> failures,
        @Nullable DrainReport report) {}
