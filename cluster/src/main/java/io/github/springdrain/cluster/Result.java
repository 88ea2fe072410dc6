// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.cluster;

import io.github.springdrain.cluster.load.Tally;
import java.time.Duration;
import java.util.List;

/**
 * What came of one scenario with one strategy.
 *
 * @param scenario what happened to the pods
 * @param strategy how they were made
 * @param variation what else was special; empty for nothing
 * @param tally what requests came to
 * @param took how long it took
 * @param notes what was seen beside
 * @param faults what was not as it has to be
 * @param timelines the pictures
 */
record Result(
        Scenario scenario,
        Strategy strategy,
        String variation,
        Tally tally,
        Duration took,
        List<String> notes,
        List<String> faults,
        List<Timeline> timelines) {

    /** Its name. */
    String name() {
        return this.scenario.label() + ", " + this.strategy.label()
                + (this.variation.isEmpty() ? "" : ", " + this.variation);
    }

    /** Whether the starter has to serve every request here. */
    boolean isPromised() {
        return this.strategy.isStarter() && this.scenario.isPromised();
    }

    /** In one line. */
    String line() {
        String failures = this.tally.failuresText();
        return "%s: %d of %d requests failed in %d s%s%s%s"
                .formatted(
                        name(),
                        this.tally.failed(),
                        this.tally.requests(),
                        this.took.toSeconds(),
                        failures.isEmpty() ? "" : " (" + failures + ")",
                        this.notes.isEmpty() ? "" : "; " + String.join("; ", this.notes),
                        this.faults.isEmpty() ? "" : "; FAULT: " + String.join("; ", this.faults));
    }
}
