package io.github.springdrain;

/**
 * Is told how a drain goes. Called on the drain's own thread, so a method must return promptly; what it throws, an
 * {@link Error} too, is logged and stops nothing.
 */
public interface DrainListener {

    /** The drain is in {@code phase} now; its work has not begun. */
    default void phaseEntered(DrainPhase phase, DrainTimeline timeline) {}

    /**
     * Streams that go on for ever are about to be ended, as soon as this returns: the moment for a last word, or for
     * ending what only the application can. What is left is cut at the deadline.
     */
    default void streamsEnding(DrainTimeline timeline) {}

    /** The drain was taken back: the server serves on. */
    default void resumed() {}

    /** The drain is over. */
    default void drained(DrainReport report) {}
}
