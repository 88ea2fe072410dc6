// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/**
 * Follows a drain through its phases. The drain waits for each call, at most five seconds and less as its deadline comes
 * near, so a method must return promptly. A listener that has not returned is not called again before it does. What it
 * throws, an {@link Error} too, is logged and stops nothing.
 */
public interface DrainListener {

    /** The drain is in {@code phase} now; its work has not begun. */
    default void phaseEntered(DrainPhase phase, DrainTimeline timeline) {}

    /**
     * Open-ended streams are about to be terminated, as soon as this returns: the moment for a last message, or for
     * ending what only the application can. What is left is aborted at the deadline.
     */
    default void streamsEnding(DrainTimeline timeline) {}

    /** The drain was resumed: the server serves on. */
    default void resumed() {}

    /** The drain is over. */
    default void drained(DrainReport report) {}
}
