// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import java.time.Duration;

/**
 * Work that is not an HTTP request and has to end before the application may go: a queue consumer, a scheduler, a long
 * poll. Every participant is called on a daemon thread of its own, named after it, one call at a time; {@link #force()}
 * alone may come while another call has not returned. Methods return promptly and leave the waiting to the drain. One
 * that blocks holds up neither the drain nor other participants: after a second the drain goes on without the return value
 * and counts the participant as active until it comes. What a method throws is logged once, counted
 * and reported; a participant whose work is unknown counts as active, so that one that throws again and again holds
 * the drain to its deadline.
 */
public interface DrainParticipant {

    /** What the report calls it. */
    String name();

    /** The drain is announced: take on no more work of your own. Requests are still served and may still need you. */
    default void prepare(Duration remaining) {}

    /** The drain was resumed: take on work again. */
    default void resume() {}

    /** Whether work is left that the drain should wait for, as long as {@code remaining} lasts. */
    boolean isActive(Duration remaining);

    /**
     * How many pieces of work are left, for the report and the endpoint; the drain waits until there is none. Asked once
     * before {@link #prepare}, and every few milliseconds while requests run to their end.
     */
    default int activeWork(Duration remaining) {
        return isActive(remaining) ? 1 : 0;
    }

    /** The time is over: give up what is left. */
    default void force() {}
}
