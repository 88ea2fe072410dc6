// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.util.List;

/**
 * What a kernel has dropped at listeners: SYNs, whose clients wait for a second, and the ends of handshakes.
 *
 * @param total all, {@code ListenDrops}
 * @param overflows those of them that found the accept queue full, {@code ListenOverflows}
 */
public record ListenDrops(long total, long overflows) {

    /** None. */
    static final ListenDrops NONE = new ListenDrops(0, 0);

    /** Reads the counters from the lines of {@code /proc/net/netstat}. */
    static ListenDrops in(List<String> netstat) {
        List<String> names = List.of(netstat.get(0).split(" "));
        List<String> values = List.of(netstat.get(1).split(" "));
        return new ListenDrops(
                Long.parseLong(values.get(names.indexOf("ListenDrops"))),
                Long.parseLong(values.get(names.indexOf("ListenOverflows"))));
    }

    /** Those that found room: a gate, or a listener that was gone, has turned them away. */
    public long withRoom() {
        return this.total - this.overflows;
    }

    ListenDrops plus(ListenDrops other) {
        return new ListenDrops(this.total + other.total, this.overflows + other.overflows);
    }

    ListenDrops minus(ListenDrops other) {
        return new ListenDrops(this.total - other.total, this.overflows - other.overflows);
    }
}
