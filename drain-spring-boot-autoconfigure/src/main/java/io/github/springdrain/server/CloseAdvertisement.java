package io.github.springdrain.server;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** Which share of the HTTP/1.1 answers tells the client that the connection ends. Thread-safe; one read per answer. */
public final class CloseAdvertisement {

    private final DoubleSupplier dice;

    private volatile double closeShare;

    /** Creates one that announces nothing yet. */
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

    /** Whether every answer carries {@code Connection: close}. */
    public boolean isForAll() {
        return this.closeShare >= 1;
    }

    /** Whether any answer carries it. */
    public boolean isForAny() {
        return this.closeShare > 0;
    }

    /** Whether this one answer carries it: drawn anew at each call while the share is between none and all. */
    public boolean isForNext() {
        double share = this.closeShare;
        return share > 0 && (share >= 1 || this.dice.getAsDouble() < share);
    }
}
