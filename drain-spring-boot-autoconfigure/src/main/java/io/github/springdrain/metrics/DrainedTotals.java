package io.github.springdrain.metrics;

import io.github.springdrain.engine.DrainEngine;
import io.github.springdrain.server.ServerTotals;
import org.jspecify.annotations.Nullable;

/** What the server did while it was being drained, summed up over drains that were taken back. Thread-safe. */
final class DrainedTotals {

    private final DrainEngine drain;

    private long requests;

    private long accepted;

    private @Nullable ServerTotals begin;

    DrainedTotals(DrainEngine drain) {
        this.drain = drain;
    }

    synchronized void begin() {
        this.begin = this.drain.server().totals();
    }

    synchronized void end() {
        this.requests = requests();
        this.accepted = accepted();
        this.begin = null;
    }

    synchronized long requests() {
        ServerTotals start = this.begin;
        return (start != null)
                ? this.requests + this.drain.server().totals().requests() - start.requests()
                : this.requests;
    }

    synchronized long accepted() {
        ServerTotals start = this.begin;
        return (start != null)
                ? this.accepted + this.drain.server().totals().accepted() - start.accepted()
                : this.accepted;
    }

    int lingering() {
        return this.drain.server().lingering();
    }
}
