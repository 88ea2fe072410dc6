// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.benchmarks;

import java.nio.file.Path;

/**
 * Measures how long the sample takes to start with the starter on and off, in turns: from the start of the JVM to Spring
 * Boot's own line. The control has the starter on its class path, too, and only leaves it off.
 */
public final class StartUp {

    private StartUp() {}

    /** Measures each runnable jar of the sample that {@code args} names. */
    public static void main(String[] args) {
        int starts = Math.max(1, Integer.getInteger("benchmark.starts", 20));
        for (String jar : args) {
            measure(Path.of(jar).normalize(), starts);
        }
    }

    private static void measure(Path jar, int starts) {
        System.out.printf(
                "%n%s on Java %s: %d starts each, seconds from the start of the JVM%n",
                jar.getFileName(), Runtime.version(), starts);
        double[] on = new double[starts];
        double[] off = new double[starts];
        double[] ratios = new double[starts];
        // Both are in the page cache then.
        seconds(jar, true);
        seconds(jar, false);
        for (int i = 0; i < starts; i++) {
            boolean onFirst = i % 2 == 0;
            (onFirst ? on : off)[i] = seconds(jar, onFirst);
            (onFirst ? off : on)[i] = seconds(jar, !onFirst);
            ratios[i] = on[i] / off[i];
        }
        System.out.printf("on      %s%n", Comparison.spread("%.2f", on));
        System.out.printf("off     %s%n", Comparison.spread("%.2f", off));
        System.out.printf("on/off  %s%n", Comparison.spread("%.3f", ratios));
    }

    private static double seconds(Path jar, boolean drainEnabled) {
        try (SampleServer server = SampleServer.start(jar, drainEnabled)) {
            return server.startSeconds();
        }
    }
}
