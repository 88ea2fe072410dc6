// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

/** How well an accept queue can be emptied, the best first. */
public enum GateLevel {

    /**
     * New handshakes are refused at once by {@code SO_BINDTOIFINDEX} with an index that no device has; handshakes under
     * way and the queue complete. Loses nothing. Linux 5.7 and later, without privileges.
     */
    DEVICE_GATE("device gate"),

    /**
     * New SYNs are dropped by a socket filter, so that a new client is refused only at its retransmission, a second
     * later. Loses nothing. Needs a kernel before the middle of 2026, or {@code CAP_NET_ADMIN}.
     */
    SYN_FILTER("SYN filter"),

    /**
     * No gate: the listener closes when the kernel shows nothing waiting and no connection came for the quiet period.
     * Loses the handshakes of about one round trip where traffic goes on.
     */
    QUEUE_OBSERVED("kernel queue and quiet period"),

    /** The queue cannot be seen: the listener closes when the server has accepted nothing for the quiet period. */
    QUIET_PERIOD("quiet period");

    private final String description;

    GateLevel(String description) {
        this.description = description;
    }

    /** The level in words, such as {@code device gate}. */
    public String description() {
        return this.description;
    }

    /** The weaker one of two levels. */
    public GateLevel orWeaker(GateLevel other) {
        return (other.compareTo(this) > 0) ? other : this;
    }
}
