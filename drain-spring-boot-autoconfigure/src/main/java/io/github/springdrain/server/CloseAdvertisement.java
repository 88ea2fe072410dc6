// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** Which share of the HTTP/1.1 responses carries the notice that the connection ends. Thread-safe; one read per response. */
public final class CloseAdvertisement {

    /**
     * How many responses of one connection carry no close because another request was read already: a client that never
     * waits for a response would never be notified otherwise.
     */
    public static final int LONGEST_PIPELINE = 1000;

    private final DoubleSupplier dice;

    private volatile double closeShare;

    /** Creates one that advertises nothing yet. */
    public CloseAdvertisement() {
        this(() -> ThreadLocalRandom.current().nextDouble());
    }

    /** Creates one that draws from {@code dice}, which has to give at least 0 and less than 1. */
    CloseAdvertisement(DoubleSupplier dice) {
        this.dice = dice;
    }

    /** Sets the share, from 0 to 1. */
    public void set(double share) {
        this.closeShare = share;
    }

    /** Whether every response carries {@code Connection: close}. */
    public boolean isForAll() {
        return this.closeShare >= 1;
    }

    /** Whether any response carries it. */
    public boolean isForAny() {
        return this.closeShare > 0;
    }

    /** Whether this one response carries it: drawn anew at each call while the share is between none and all. */
    public boolean isForNext() {
        double share = this.closeShare;
        return share > 0 && (share >= 1 || this.dice.getAsDouble() < share);
    }
}
