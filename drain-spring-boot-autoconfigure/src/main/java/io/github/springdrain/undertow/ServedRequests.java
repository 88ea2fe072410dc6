package io.github.springdrain.undertow;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How many requests have been completed: those that were begun, but for those in service. Only a drain has the latter
 * looked for; between drains, a request counts when it is begun, and the number goes on without a break. Thread-safe.
 */
final class ServedRequests {

    private static final long FRESH_NANOS = Duration.ofMillis(5).toNanos();

    private final LongSupplier begun;

    private boolean draining;

    private long inServiceBefore;

    private long inService;

    private long highest;

    private long seenNanos;

    ServedRequests(LongSupplier begun) {
        this.begun = begun;
    }

    synchronized boolean isDraining() {
        return this.draining;
    }

    /** Whether a scan is due before {@link #completed()} is asked for. */
    synchronized boolean isOutdated() {
        return this.draining && System.nanoTime() - this.seenNanos > FRESH_NANOS;
    }

    /** Begins to take requests in service off, given those that are. */
    synchronized void drainBegins(List<ConnectionSnapshot> connections) {
        if (!this.draining) {
            this.draining = true;
            note(connections);
            this.inServiceBefore += this.inService;
        }
    }

    /** Notes what a scan has seen. */
    synchronized void seen(List<ConnectionSnapshot> connections) {
        if (this.draining) {
            note(connections);
        }
    }

    private void note(List<ConnectionSnapshot> connections) {
        this.inService = count(connections);
        this.seenNanos = System.nanoTime();
    }

    /** Goes back to counting requests as they begin. */
    synchronized void drainEnds() {
        this.draining = false;
        this.inServiceBefore -= this.inService;
        this.inService = 0;
    }

    synchronized long completed() {
        this.highest = Math.max(this.highest, this.begun.getAsLong() + this.inServiceBefore - this.inService);
        return this.highest;
    }

    private static long count(List<ConnectionSnapshot> connections) {
        return connections.stream()
                .filter((connection) -> connection.state() == ConnectionState.IN_SERVICE
                        || connection.state() == ConnectionState.RESPONDING)
                .mapToLong((connection) -> connection.requests().size())
                .sum();
    }
}
