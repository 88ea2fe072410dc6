// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.DrainTimeline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells when the application's own shutdown gets its turn. At the latest when its time has come, and before that when no
 * client waits for the first byte of a response. Where clients still do, but no thread of the server has been at work on
 * any of their requests for a while, it may be that only the application's shutdown ends them, as with long polls. Nobody
 * is given less than by Spring Boot, which gives that turn first of all: such requests are waited for after it, too, and
 * executors learn of the closing context only when the drain is over. Used by the drain's thread.
 */
final class ApplicationTurn {

    /** What requests without a thread get to end while the application is whole. */
    private static final Duration SUSPENDED_GRACE = Duration.ofSeconds(1);

    private final DrainTimeline timeline;

    /** Since when no unanswered request has a thread, in time since the start. */
    private @Nullable Duration suspendedSince;

    ApplicationTurn(DrainTimeline timeline) {
        this.timeline = timeline;
    }

    /**
     * Returns whether the turn has come.
     *
     * @param left what the drain waits for; empty where that is not known
     */
    boolean hasCome(Optional<List<ConnectionSnapshot>> left) {
        return isDue(left) || (left.isPresent() && haveLongBeenSuspended(awaitingResponse(left.get())));
    }

    /** Returns whether the turn would have come without regard to requests that no thread is at work on. */
    boolean isDue(Optional<List<ConnectionSnapshot>> left) {
        return this.timeline.untilApplicationTurn().isZero()
                || (left.isPresent() && awaitingResponse(left.get()).isEmpty());
    }

    private static List<ConnectionSnapshot> awaitingResponse(List<ConnectionSnapshot> connections) {
        return connections.stream()
                .filter((connection) -> connection.state().isAwaitingResponse())
                .toList();
    }

    private boolean haveLongBeenSuspended(List<ConnectionSnapshot> awaiting) {
        Duration now = this.timeline.elapsed();
        if (!awaiting.stream().allMatch(ConnectionSnapshot::isSuspended)) {
            this.suspendedSince = null;
            return false;
        }
        if (this.suspendedSince == null) {
            this.suspendedSince = now;
        }
        return now.minus(this.suspendedSince).compareTo(SUSPENDED_GRACE) >= 0;
    }
}
