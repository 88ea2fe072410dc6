package io.github.springdrain;

import java.time.Duration;

/** Tells when no connection has come in and no request has ended for a while. Used by one thread. */
final class QuietTraffic {

    private final DrainSettings.Announce settings;

    private ServerTotals last;

    private Duration lastChange = Duration.ZERO;

    QuietTraffic(DrainSettings.Announce settings, ServerTotals start) {
        this.settings = settings;
        this.last = start;
    }

    /** Whether the announcement may end {@code elapsed} after the drain began, given what the server has done by then. */
    boolean isQuiet(Duration elapsed, ServerTotals now) {
        if (now.accepted() != this.last.accepted() || now.requests() != this.last.requests()) {
            this.last = now;
            this.lastChange = elapsed;
        }
        return !this.settings.quietPeriod().isZero()
                && elapsed.compareTo(this.settings.minDelay()) >= 0
                && elapsed.minus(this.lastChange).compareTo(this.settings.quietPeriod()) >= 0;
    }
}
