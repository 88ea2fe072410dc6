package io.github.springdrain.autoconfigure;

import io.github.springdrain.spring.ShutdownBudget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/** The time that Kubernetes leaves a pod for its shutdown, as far as the user has said. */
final class GracePeriod {

    private static final String PROPERTY = DrainProperties.PREFIX + ".kubernetes.termination-grace-period";

    private final @Nullable Duration duration;

    GracePeriod(DrainProperties properties) {
        this.duration = properties.kubernetes().terminationGracePeriod();
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

    /** What has to be told to a user who has not said how long it is; {@code null} for nothing. */
    @Nullable String notice(ShutdownBudget budget) {
        if (this.duration != null) {
            return null;
        }
        return "Drain on Kubernetes: the pod's terminationGracePeriodSeconds has to be at least %s, and more by the time of a preStop sleep; set %s to have that checked at start-up"
                .formatted(budget.sum(), PROPERTY);
    }
}
