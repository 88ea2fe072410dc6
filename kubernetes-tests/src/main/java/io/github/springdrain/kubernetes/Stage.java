// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What happened while some pods were taken out of service.
 *
 * @param strategies how they were
 * @param load what the requests of that time came to
 * @param ends how the pods ended
 */
record Stage(List<Strategy> strategies, LoadTally load, List<Termination> ends) {

    /** What went wrong beside requests: failed hooks and killed pods. */
    List<String> faults() {
        return this.ends.stream()
                .map(Termination::fault)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The stage in one line, for tables and messages. */
    String summary() {
        List<String> parts = new ArrayList<>();
        parts.add("%d pods, %d requests, %d failed"
                .formatted(this.ends.size(), this.load.requests(), this.load.failed()));
        parts.add(this.load.failures().toString());
        parts.add("pods took %s"
                .formatted(this.ends.stream()
                        .map((end) -> "%.1f s".formatted(end.took().toMillis() / 1000.0))
                        .toList()));
        return String.join(", ", parts);
    }
}
