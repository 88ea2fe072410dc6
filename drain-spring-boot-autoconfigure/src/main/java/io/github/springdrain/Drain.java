// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/**
 * Takes the server of this application out of service without failing a request. Thread-safe. Whoever starts a drain that
 * is under way or over joins it: there is one deadline and one report, whatever the number of triggers.
 *
 * <p>A drain runs on a thread of its own and touches nothing before it is started. It does not stop the server or the
 * application; its caller does, once the report is there.
 */
public interface Drain {

    /**
     * Whether there is something to drain: the application's server, or the application itself where there is none that
     * the library drains, has started and not been stopped.
     */
    boolean isServing();

    /** The phase of the drain; {@link DrainPhase#RUNNING} before the first one and after a resume. */
    DrainPhase phase();

    /** The phase, the deadline and the counts of the drain, with a scan of the server's connections. */
    DrainStatus status();

    /** Starts a drain, or joins the one that is under way or over. Returns at once. */
    DrainHandle start(DrainTrigger trigger);

    /**
     * Cancels the drain in its first phase, so that the server serves on. Returns when the announcement is undone.
     *
     * @throws IllegalStateException if no drain is under way, or it has gone too far; the message says which
     */
    void resume();

    /** Adds a listener; it is notified of the phases that follow. Beans are added automatically. */
    void addListener(DrainListener listener);

    /** Removes a listener. */
    void removeListener(DrainListener listener);

    /** Adds work that the drain waits for. Beans are added automatically. */
    void addParticipant(DrainParticipant participant);

    /** The open-ended responses that this drain terminates. */
    OpenStreams streams();
}
