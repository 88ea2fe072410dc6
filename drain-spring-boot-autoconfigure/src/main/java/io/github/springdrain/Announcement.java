package io.github.springdrain;

import java.util.concurrent.ThreadLocalRandom;

/** Which share of the HTTP/1.1 answers tells the client that the connection ends. Thread-safe; one read per answer. */
public final class Announcement {

    private volatile double closeShare;

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
        return share > 0 && (share >= 1 || ThreadLocalRandom.current().nextDouble() < share);
    }
}
