package io.github.springdrain;

import java.time.Duration;

/**
 * Work that is not an HTTP request and has to end before the application may go: a queue consumer, a scheduler, a long
 * poll. Called on the drain's own thread, so a method must return promptly; what it throws is logged, and a participant
 * that throws counts as inactive.
 */
public interface DrainParticipant {

    /** What the report calls it. */
    String name();

    /** The drain is announced: take on no more work of your own. Requests are still served and may still need you. */
    default void prepare(Duration remaining) {}

    /** The drain was taken back: take on work again. */
    default void resume() {}

    /** Whether work is left that the drain should wait for, as long as {@code remaining} lasts. */
    boolean isActive(Duration remaining);

    /** The time is over: give up what is left. */
    default void force() {}
}
