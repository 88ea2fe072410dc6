// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.metrics;

import io.github.springdrain.server.DrainableServer;
import io.github.springdrain.server.ServerTotals;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the server did while it was being drained, summed up over drains that were resumed. Thread-safe. */
final class DrainedTotals {

    private final Supplier<DrainableServer> server;

    private long requests;

    private long accepted;

    private @Nullable ServerTotals begin;

    DrainedTotals(Supplier<DrainableServer> server) {
        this.server = server;
    }

    synchronized void begin() {
        this.begin = this.server.get().totals();
    }

    synchronized void end() {
        try {
            long requestsNow = requests();
            this.accepted = accepted();
            this.requests = requestsNow;
        } finally {
            this.begin = null;
        }
    }

    synchronized long requests() {
        ServerTotals start = this.begin;
        return (start != null)
                ? this.requests + this.server.get().totals().requests() - start.requests()
                : this.requests;
    }

    synchronized long accepted() {
        ServerTotals start = this.begin;
        return (start != null)
                ? this.accepted + this.server.get().totals().accepted() - start.accepted()
                : this.accepted;
    }

    int lingering() {
        return this.server.get().lingering();
    }
}
