// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.autoconfigure;

import io.github.springdrain.spring.ShutdownBudget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** The time that Kubernetes leaves a pod for its shutdown, as far as the user has said. */
final class GracePeriod {

    private static final String PROPERTY = DrainProperties.PREFIX + ".kubernetes.termination-grace-period";

    /** What Kubernetes gives a pod that asks for nothing else. */
    private static final Duration KUBERNETES_DEFAULT = Duration.ofSeconds(30);

    private final @Nullable Duration duration;

    GracePeriod(DrainProperties properties) {
        this.duration = properties.kubernetes().terminationGracePeriod();
    }

    /** Whether the user has said how long it is, so that start-up has checked it. */
    boolean isKnown() {
        return this.duration != null;
    }

    /**
     * Checks that a shutdown fits.
     *
     * @throws InvalidConfigurationPropertyValueException if it does not; its message spells out the sum
     */
    void requireFits(ShutdownBudget budget) {
        if (this.duration != null && !budget.fitsIn(this.duration)) {
            throw new InvalidConfigurationPropertyValueException(
                    PROPERTY,
                    this.duration,
                    "Allowed: at least %s. The time of a preStop sleep comes on top. Raise the pod's terminationGracePeriodSeconds and this property with it, or lower server.drain.timeout"
                            .formatted(budget.sum()));
        }
    }

    /** What to log for a user who has not set it; {@code null} for nothing. */
    @Nullable String notice(ShutdownBudget budget) {
        return (this.duration == null && budget.fitsIn(KUBERNETES_DEFAULT)) ? needed(budget) : null;
    }

    /** The same for a shutdown that takes a pod with a grace period of its own. */
    @Nullable String warning(ShutdownBudget budget) {
        if (this.duration != null || budget.fitsIn(KUBERNETES_DEFAULT)) {
            return null;
        }
        return needed(budget) + ". Kubernetes' default of 30 is too short";
    }

    private static String needed(ShutdownBudget budget) {
        return "Drain on Kubernetes: the pod's terminationGracePeriodSeconds has to be at least %s, and more by the time of a preStop sleep; set %s to have that checked at start-up"
                .formatted(budget.sum(), PROPERTY);
    }
}
