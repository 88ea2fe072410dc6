// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ReadinessState;

/** The last two states of an application's readiness, and who published the last. Thread-safe. */
final class ReadinessHistory {

    private volatile Entry last = new Entry(null, null, null);

    synchronized void add(ReadinessState state, Object source) {
        this.last = new Entry(state, source, this.last.state);
    }

    /** The state published last; {@code null} before the first. */
    @Nullable ReadinessState current() {
        return this.last.state;
    }

    /** Whether {@code source} made an application that accepted traffic refuse it. */
    boolean isRefusedOnlyBy(Object source) {
        Entry entry = this.last;
        return entry.state == ReadinessState.REFUSING_TRAFFIC
                && entry.source == source
                && entry.before == ReadinessState.ACCEPTING_TRAFFIC;
    }

    /** One state, replaced as a whole. */
    private record Entry(
            @Nullable ReadinessState state,
            @Nullable Object source,
            @Nullable ReadinessState before) {}
}
