// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.util.function.LongSupplier;

/** The control of a comparison. */
public final class Control {

    /** How often plain Spring Boot may show a loss that is a matter of chance. */
    private static final int MOST_RUNS = 10;

    private Control() {}

    /** Runs the control again until something is lost; 0 if it never is. What it claims is that a loss can be seen. */
    public static long lostByChance(LongSupplier control) {
        long lost = 0;
        for (int i = 0; lost == 0 && i < MOST_RUNS; i++) {
            lost = control.getAsLong();
        }
        return lost;
    }
}
