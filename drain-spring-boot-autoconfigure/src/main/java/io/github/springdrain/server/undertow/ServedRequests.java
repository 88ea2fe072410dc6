// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.ConnectionSnapshot;
import io.github.springdrain.ConnectionState;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How many requests have been completed: those that were begun, but for those in service. Only a drain has the latter
 * looked for; between drains, a request counts when it is begun, and the number goes on without a break. It never falls,
 * and in a drain it counts nothing that was not seen to be over. Thread-safe.
 */
final class ServedRequests {

    private static final long FRESH_NANOS = Duration.ofMillis(5).toNanos();

    private final LongSupplier begun;

    private boolean draining;

    private long inServiceBefore;

    private long inService;

    private long completed;

    private long seenNanos;

    ServedRequests(LongSupplier begun) {
        this.begun = begun;
    }

    /** How many have been begun, to be asked before a scan. */
    long begun() {
        return this.begun.getAsLong();
    }

    synchronized boolean isDraining() {
        return this.draining;
    }

    /** Whether a scan is due before {@link #completed()} is asked for. */
    synchronized boolean isOutdated() {
        return this.draining && System.nanoTime() - this.seenNanos > FRESH_NANOS;
    }

    /** Begins to take requests in service off, given what a scan has seen. */
    synchronized void drainBegins(long begunBefore, List<ConnectionSnapshot> connections) {
        if (!this.draining) {
            this.draining = true;
            // Those that have begun since may be among what was seen, and count themselves.
            this.inServiceBefore += Math.max(0, count(connections) - (begun() - begunBefore));
            seen(begunBefore, connections);
        }
    }

    /** Notes what a scan has seen. */
    synchronized void seen(long begunBefore, List<ConnectionSnapshot> connections) {
        if (this.draining) {
            this.inService = count(connections);
            this.completed = Math.max(this.completed, begunBefore + this.inServiceBefore - this.inService);
            this.seenNanos = System.nanoTime();
        }
    }

    /** Takes off requests that were aborted: no scan sees them any more, and they were never completed. */
    synchronized void aborted(int requests) {
        this.inServiceBefore -= requests;
    }

    /** Goes back to counting requests as they begin. */
    synchronized void drainEnds() {
        this.draining = false;
        this.inServiceBefore -= this.inService;
        this.inService = 0;
    }

    synchronized long completed() {
        if (!this.draining) {
            this.completed = Math.max(this.completed, begun() + this.inServiceBefore);
        }
        return this.completed;
    }

    private static long count(List<ConnectionSnapshot> connections) {
        return connections.stream()
                .filter((connection) -> connection.state() == ConnectionState.IN_SERVICE
                        || connection.state() == ConnectionState.RESPONDING)
                .mapToLong((connection) -> connection.requests().size())
                .sum();
    }
}
