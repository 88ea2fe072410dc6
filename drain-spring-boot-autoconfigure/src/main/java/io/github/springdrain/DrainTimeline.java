// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The one start instant of a drain and the deadline that follows from it. Immutable; every trigger that joins a drain
 * shares its timeline, so waits never add up.
 */
public final class DrainTimeline {

    /** What {@link DrainPhase#FORCING} gets of the timeout: a tenth, at most half a second. */
    private static final Duration LONGEST_FORCE = Duration.ofMillis(500);

    private static final Duration LONGEST_LAST_CALL = Duration.ofSeconds(2);

    private final LongSupplier nanoTime;

    private final Instant startedAt;

    private final long startNanos;

    private final Duration timeout;

    /**
     * Creates a timeline that starts now.
     *
     * @param startedAt now, by the wall clock
     * @param timeout the time from now to the deadline
     * @param nanoTime nanoseconds since an arbitrary origin, as {@link System#nanoTime()} has them
     */
    public DrainTimeline(Instant startedAt, Duration timeout, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startedAt = startedAt;
        this.startNanos = nanoTime.getAsLong();
        this.timeout = timeout;
    }

    /** When the first trigger came, by the wall clock. */
    public Instant startedAt() {
        return this.startedAt;
    }

    /** When the drain is over at the latest, by the wall clock. */
    public Instant deadline() {
        return this.startedAt.plus(this.timeout);
    }

    /** The time since the first trigger. */
    public Duration elapsed() {
        return Duration.ofNanos(this.nanoTime.getAsLong() - this.startNanos);
    }

    /** The time until the deadline; zero once it is over. */
    public Duration remaining() {
        return notNegative(this.timeout.minus(elapsed()));
    }

    /** The time until what is left has to be forced; zero once it is over. */
    public Duration untilForce() {
        return notNegative(this.timeout.minus(forceBudget()).minus(elapsed()));
    }

    /**
     * The time until open-ended streams have to be terminated at the latest, so that its end still reaches the client
     * before what is left is forced. Leaves as much as a tenth of the timeout, at most two seconds.
     */
    public Duration untilLastCall() {
        Duration tenth = this.timeout.dividedBy(10);
        Duration lead = (tenth.compareTo(LONGEST_LAST_CALL) < 0) ? tenth : LONGEST_LAST_CALL;
        return notNegative(this.timeout.minus(forceBudget()).minus(lead).minus(elapsed()));
    }

    /**
     * The time until the application's own shutdown has to get its turn, although clients may still wait for responses:
     * some of them may end only by what the application does then. Leaves a fifth of the timeout.
     */
    public Duration untilApplicationTurn() {
        return notNegative(this.timeout.multipliedBy(4).dividedBy(5).minus(elapsed()));
    }

    private Duration forceBudget() {
        Duration tenth = this.timeout.dividedBy(10);
        return (tenth.compareTo(LONGEST_FORCE) < 0) ? tenth : LONGEST_FORCE;
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
