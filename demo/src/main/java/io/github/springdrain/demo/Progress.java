// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.demo;

import java.io.PrintStream;
import java.util.Locale;

/** Prints what is going on, each line with the seconds since the beginning. */
final class Progress {

    private final PrintStream out;

    private final long began = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    void say(String line) {
        this.out.printf(Locale.ROOT, "[%5.1f s] %s%n", (System.nanoTime() - this.began) / 1e9, line);
    }
}
