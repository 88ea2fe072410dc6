// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import io.github.springdrain.RequestSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The requests that are not work and are still in service when a drain is over. */
final class ControlRequests {

    private static final Duration TICK = Duration.ofMillis(10);

    private static final Duration LONGEST_ABORT = Duration.ofSeconds(1);

    /** What a request gets that has nothing to do with the drain and is still in service at its end. */
    private static final Duration MOMENT = Duration.ofMillis(250);

    private final DrainEngine drain;

    private final DrainFailures failures;

    ControlRequests(DrainEngine drain, DrainFailures failures) {
        this.drain = drain;
        this.failures = failures;
    }

    /**
     * Blocks until each has its response: {@code callers} for at most {@code limit}, others for a moment. Returns whether
     * they all have.
     */
    boolean await(Duration limit, Predicate<RequestSnapshot> callers) throws InterruptedException {
        try (BoundedSteps bounded = BoundedSteps.noting(this.failures)) {
            long start = this.drain.clock().nanoTime();
            while (true) {
                Duration waited = Duration.ofNanos(this.drain.clock().nanoTime() - start);
                Predicate<RequestSnapshot> patient = (waited.compareTo(MOMENT) < 0) ? (request) -> true : callers;
                Optional<List<ConnectionSnapshot>> open =
                        bounded.get("connections", limit.plus(MOMENT), this::connections);
                boolean worthIt = open.isEmpty()
                        || open.get().stream()
                                .flatMap((connection) -> connection.requests().stream())
                                .anyMatch((request) -> DrainEngine.is(patient, request, this.failures));
                if (!worthIt || waited.compareTo(limit) >= 0) {
                    return open.isPresent() && open.get().isEmpty();
                }
                this.drain.clock().pause(TICK.toNanos());
            }
        }
    }

    /** Ends those that are left. */
    void abort() {
        try (BoundedSteps bounded = BoundedSteps.noting(this.failures)) {
            bounded.run(
                    "abort",
                    LONGEST_ABORT,
                    () -> this.drain
                            .scans()
                            .run(() -> this.drain.server().abort((connection) -> !isControl(connection))));
        }
    }

    private List<ConnectionSnapshot> connections() {
        return this.drain.scans().take(this.drain.server()::connections).stream()
                .filter(this::isControl)
                .toList();
    }

    private boolean isControl(ConnectionSnapshot connection) {
        boolean inService =
                connection.state() == ConnectionState.IN_SERVICE || connection.state() == ConnectionState.RESPONDING;
        return inService
                && !this.drain.isWork(connection, this.failures)
                && connection.requests().stream()
                        .noneMatch((request) -> this.drain.closingRequest().is(connection, request));
    }
}
