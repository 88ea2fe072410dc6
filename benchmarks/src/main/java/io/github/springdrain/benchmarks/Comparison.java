// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The rounds of one way to use connections, each measured with the starter on and off one after the other. */
final class Comparison {

    private static final String ROW = "%-18s %-7s %28s %28s%n";

    private final ConnectionUse use;

    private final List<Measurement> on = new ArrayList<>();

    private final List<Measurement> off = new ArrayList<>();

    Comparison(ConnectionUse use) {
        this.use = use;
    }

    ConnectionUse use() {
        return this.use;
    }

    void add(boolean drainEnabled, Measurement measurement) {
        (drainEnabled ? this.on : this.off).add(measurement);
    }

    static String header() {
        return ROW.formatted("connections", "drain", "requests/s", "server CPU us/request");
    }

    /** Three rows: on, off and the ratio of the rounds that belong together; each median (least-greatest). */
    String rows() {
        return row("on", this.on) + row("off", this.off) + ratioRow();
    }

    private String row(String drain, List<Measurement> rounds) {
        return ROW.formatted(
                this.use.label(),
                drain,
                spread("%.0f", values(rounds, Measurement::requestsPerSecond)),
                spread("%.1f", values(rounds, Measurement::cpuMicrosPerRequest)));
    }

    private String ratioRow() {
        return ROW.formatted(
                this.use.label(),
                "on/off",
                spread("%.3f", ratios(Measurement::requestsPerSecond)),
                spread("%.3f", ratios(Measurement::cpuMicrosPerRequest)));
    }

    private double[] ratios(ToDoubleFunction<Measurement> value) {
        double[] onValues = values(this.on, value);
        double[] offValues = values(this.off, value);
        return IntStream.range(0, onValues.length)
                .mapToDouble((round) -> onValues[round] / offValues[round])
                .toArray();
    }

    private static double[] values(List<Measurement> rounds, ToDoubleFunction<Measurement> value) {
        return rounds.stream().mapToDouble(value).toArray();
    }

    /** The median and, in brackets, the least and the greatest. */
    static String spread(String format, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        String pattern = "%1$s (%1$s-%1$s)".formatted(format);
        return String.format(Locale.ROOT, pattern, median, sorted[0], sorted[sorted.length - 1]);
    }
}
