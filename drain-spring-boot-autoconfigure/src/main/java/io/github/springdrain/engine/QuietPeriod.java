// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.server.ServerTotals;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Knows when no request that is work has come or ended for a while. A connection alone is no traffic: it may be that of a
 * health check, and one that brings a request will be noticed by that. Used by one thread.
 */
final class QuietPeriod {

    private final DrainSettings.Announce settings;

    private final RequestArrivals arrivals;

    private final Supplier<Optional<ServerTotals>> totals;

    private long begun;

    private long ended;

    private Duration lastChange = Duration.ZERO;

    /**
     * Begins to watch.
     *
     * @param totals what the server has done so far; may cost a scan, so it is asked only for a quiet period
     */
    QuietPeriod(DrainSettings.Announce settings, Supplier<Optional<ServerTotals>> totals, RequestArrivals arrivals) {
        this.settings = settings;
        this.arrivals = arrivals;
        this.totals = totals;
        this.begun = arrivals.work();
        this.ended = isAsked() ? ended().orElse(Long.MIN_VALUE) : 0;
        arrivals.count(isAsked());
    }

    // What is not work is taken off when it comes, before it ends: that lowers the difference, and never raises it.
    private Optional<Long> ended() {
        return this.totals.get().map((now) -> now.requests() - this.arrivals.others());
    }

    private boolean isAsked() {
        return !this.settings.quietPeriod().isZero();
    }

    /** Whether the announcement may end {@code elapsed} after the drain began. */
    boolean isQuiet(Duration elapsed) {
        if (!isAsked()) {
            return false;
        }
        long nowBegun = this.arrivals.work();
        Optional<Long> nowEnded = ended();
        // Traffic that cannot be seen is not quiet.
        if (nowBegun != this.begun || nowEnded.isEmpty() || nowEnded.get() > this.ended) {
            this.begun = nowBegun;
            this.ended = Math.max(this.ended, nowEnded.orElse(this.ended));
            this.lastChange = elapsed;
        }
        return elapsed.compareTo(this.settings.minDelay()) >= 0
                && elapsed.minus(this.lastChange).compareTo(this.settings.quietPeriod()) >= 0;
    }

    /** Ends the counting. */
    void end() {
        this.arrivals.count(false);
    }
}
