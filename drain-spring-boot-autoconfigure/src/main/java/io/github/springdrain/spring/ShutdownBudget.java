// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import io.github.springdrain.engine.DrainSettings;
import java.time.Duration;

/**
 * The time that a platform has to give a process between SIGTERM and SIGKILL: the whole drain, and the rest of the
 * shutdown after it. Immutable. A hook that delays SIGTERM without starting the drain, such as a preStop sleep, comes on
 * top; one that starts the drain does not, because whoever joins a drain shares its deadline.
 *
 * @param announceDelay the announcement, which is a part of the timeout
 * @param timeout the whole drain
 * @param rest everything that stops after the drain
 */
public record ShutdownBudget(Duration announceDelay, Duration timeout, Duration rest) {

    /** What beans, pools and the JVM usually need; those that need longer are the user's to add. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(5);

    private static final Duration SHORTEST_REST = Duration.ofSeconds(1);

    /**
     * The budget of a drain with these settings.
     *
     * @param timeoutPerPhase Spring's limit for each phase of a shutdown: shortens the rest to one second at least, and
     *     never extends it beyond five, since it is a limit and not what a phase usually takes
     */
    public static ShutdownBudget of(DrainSettings settings, Duration timeoutPerPhase) {
        return new ShutdownBudget(settings.announce().delay(), settings.timeout(), rest(timeoutPerPhase));
    }

    private static Duration rest(Duration timeoutPerPhase) {
        if (timeoutPerPhase.compareTo(LONGEST_REST) > 0) {
            return LONGEST_REST;
        }
        return (timeoutPerPhase.compareTo(SHORTEST_REST) < 0) ? SHORTEST_REST : timeoutPerPhase;
    }

    /** The shortest grace period it fits in, in whole seconds as Kubernetes counts them. */
    public Duration gracePeriod() {
        Duration sum = this.timeout.plus(this.rest);
        return Duration.ofSeconds((sum.getNano() == 0) ? sum.getSeconds() : sum.getSeconds() + 1);
    }

    /** Whether it fits in a grace period. */
    public boolean fitsIn(Duration gracePeriod) {
        return gracePeriod().compareTo(gracePeriod) <= 0;
    }

    /** The sum, spelled out. */
    public String sum() {
        return "%s = %s server.drain.timeout (of which %s server.drain.announce.delay) + %s rest of the shutdown"
                .formatted(text(gracePeriod()), text(this.timeout), text(this.announceDelay), text(this.rest));
    }

    private static String text(Duration duration) {
        return (duration.toMillisPart() == 0) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
