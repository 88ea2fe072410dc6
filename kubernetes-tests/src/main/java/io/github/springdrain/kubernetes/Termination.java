// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.kubernetes;

import io.github.springdrain.contract.Command;
import java.time.Duration;
import java.util.Optional;

/**
 * The end of a pod.
 *
 * @param hook the end of its preStop hook
 * @param ended whether it ended by itself; else SIGKILL follows
 * @param took from its deletion to its end
 * @param log the last lines of a pod that did not end
 */
record Termination(Command.Result hook, boolean ended, Duration took, String log) {

    /** What went wrong beside the requests; empty when nothing did. */
    Optional<String> fault() {
        if (this.hook.code() != 0) {
            return Optional.of("preStop hook ended with %d: %s".formatted(this.hook.code(), this.hook.output()));
        }
        if (!this.ended) {
            return Optional.of("killed after %d ms; its last lines:%n%s".formatted(this.took.toMillis(), this.log));
        }
        return Optional.empty();
    }
}
