package io.github.springdrain;

import java.time.Duration;

/**
 * Tells when no request that is work has come or ended for a while. A connection alone is no traffic: it may be that of a
 * health check, and one that brings a request will be noticed by that. Used by one thread.
 */
final class QuietTraffic {

    private final DrainSettings.Announce settings;

    private final Arrivals arrivals;

    private long begun;

    private long ended;

    private Duration lastChange = Duration.ZERO;

    QuietTraffic(DrainSettings.Announce settings, ServerTotals start, Arrivals arrivals) {
        this.settings = settings;
        this.arrivals = arrivals;
        this.begun = arrivals.work();
        this.ended = start.requests() - arrivals.others();
        arrivals.count(isAsked());
    }

    private boolean isAsked() {
        return !this.settings.quietPeriod().isZero();
    }

    /** Whether the announcement may end {@code elapsed} after the drain began, given what the server has done by then. */
    boolean isQuiet(Duration elapsed, ServerTotals now) {
        long nowBegun = this.arrivals.work();
        // What is not work is taken off when it comes, before it ends: that lowers the difference, and never raises it.
        long nowEnded = now.requests() - this.arrivals.others();
        if (nowBegun != this.begun || nowEnded > this.ended) {
            this.begun = nowBegun;
            this.ended = Math.max(this.ended, nowEnded);
            this.lastChange = elapsed;
        }
        return isAsked()
                && elapsed.compareTo(this.settings.minDelay()) >= 0
                && elapsed.minus(this.lastChange).compareTo(this.settings.quietPeriod()) >= 0;
    }

    /** Ends the counting. */
    void end() {
        this.arrivals.count(false);
    }
}
