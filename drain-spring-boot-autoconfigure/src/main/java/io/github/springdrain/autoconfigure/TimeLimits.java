// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of a shutdown that the user has set.
 *
 * @param drain the limit of the drain; {@code null} for none
 * @param phase Spring's limit for each phase of a shutdown, which is the one of requests without a drain; {@code null}
 *     for none
 */
record TimeLimits(@Nullable Duration drain, @Nullable Duration phase) {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(25);

    /** Less is most often a number whose unit was left out. */
    private static final Duration SHORTEST_PLAUSIBLE = Duration.ofSeconds(1);

    /** The time for the whole drain: what requests were allowed before the drain was added, they still are. */
    Duration timeout() {
        if (this.drain != null) {
            return this.drain;
        }
        return (this.phase != null && this.phase.compareTo(DEFAULT_TIMEOUT) > 0) ? this.phase : DEFAULT_TIMEOUT;
    }

    /**
     * What the user has to be warned of; {@code null} for nothing.
     *
     * @param gracePeriodChecked whether the sum of both is known to fit in the time that the platform gives
     */
    @Nullable String warning(boolean gracePeriodChecked) {
        if (this.drain == null) {
            return null;
        }
        if (this.drain.compareTo(SHORTEST_PLAUSIBLE) < 0) {
            return "server.drain.timeout is %d ms, in which hardly any request ends: did you mean %ds? A number without a unit is in milliseconds"
                    .formatted(this.drain.toMillis(), Math.max(1, this.drain.toMillis()));
        }
        if (this.phase == null || this.phase.equals(this.drain)) {
            return null;
        }
        if (gracePeriodChecked && this.phase.compareTo(this.drain) < 0) {
            return null;
        }
        return "The time limits of the shutdown disagree: server.drain.timeout (%s) limits all that the drain waits for, and spring.lifecycle.timeout-per-shutdown-phase (%s) does not. Without server.drain.timeout the longer of the two is used"
                .formatted(text(this.drain), text(this.phase));
    }

    private static String text(Duration duration) {
        return (duration.toMillisPart() == 0) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
