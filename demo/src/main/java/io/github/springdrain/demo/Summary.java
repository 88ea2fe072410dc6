// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import java.util.Formatter;
import java.util.Locale;

/** The two courses side by side, as text. */
final class Summary {

    private final DemoRun off;

    private final DemoRun on;

    private final StringBuilder text = new StringBuilder();

    private final Formatter formatter = new Formatter(this.text, Locale.ROOT);

    Summary(DemoRun off, DemoRun on) {
        this.off = off;
        this.on = on;
    }

    /** The table, the times, and what the drain itself says. */
    String format() {
        table();
        times();
        drain();
        return this.text.toString();
    }

    private void table() {
        row("clients", "saw", this.off.name(), this.on.name());
        for (ClientKind kind : ClientKind.values()) {
            String label = kind.label();
            for (Result result : Result.values()) {
                if (count(this.off, kind, result) + count(this.on, kind, result) > 0) {
                    row(label, result.label(), count(this.off, kind, result), count(this.on, kind, result));
                    label = "";
                }
            }
        }
        row("all", "complete", this.off.complete(), this.on.complete());
        row("", "LOST", this.off.lost(), this.on.lost());
        this.formatter.format(
                "Refused is not lost: no connection was made, so any client may try elsewhere at once.%n");
    }

    private void times() {
        this.formatter.format("%n");
        row("accept queue", "at SIGTERM", this.off.queuedAtSignal(), this.on.queuedAtSignal());
        row("process ended", "after SIGTERM", exitAfterSignal(this.off), exitAfterSignal(this.on));
        row("", "after last ok", exitAfterLastResponse(this.off), exitAfterLastResponse(this.on));
    }

    private void drain() {
        this.formatter.format("%nThe drain's own account, in ms from SIGTERM:%n");
        var log = this.on.shutdownLog();
        for (var phase : log.phases()) {
            this.formatter.format("%6d %s%n", phase.atMillis(), phase.name());
        }
        this.formatter.format("%s%n", log.report().orElse("(it logged no report)"));
    }

    private void row(String label, String saw, Object offValue, Object onValue) {
        this.formatter.format("%-18s %-14s %10s %10s%n", label, saw, offValue, onValue);
    }

    private static long count(DemoRun course, ClientKind kind, Result result) {
        return course.count(kind, result);
    }

    private static String exitAfterSignal(DemoRun course) {
        return course.exitAfterSignal().toMillis() + " ms";
    }

    private static String exitAfterLastResponse(DemoRun course) {
        return course.exitAfterLastResponse().toMillis() + " ms";
    }
}
