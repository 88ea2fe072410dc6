// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import java.util.concurrent.CompletionStage;

/** One drain under way, or over. Thread-safe; every trigger that starts or joins it gets the same one. */
public interface DrainHandle {

    /** What started this drain. */
    DrainTrigger trigger();

    /** The start and the deadline, which all callers that join share. */
    DrainTimeline timeline();

    /** The phase of this drain; {@link DrainPhase#RUNNING} once it was resumed. */
    DrainPhase phase();

    /**
     * Completes when the listeners are closed and no client waits for the first byte of a response any longer, or when the
     * application has to get its turn: after four fifths of the timeout, or when no thread of the server has been at work
     * on what is unanswered for a second. Completes also when the drain was resumed. Never completes exceptionally.
     */
    CompletionStage<Void> responsesStarted();

    /** Completes when the drain is over or was resumed. Never completes exceptionally. */
    CompletionStage<DrainReport> report();

    /** Blocks until {@link #responsesStarted()} completes, at most until 2 seconds after the deadline; returns whether it did. */
    boolean awaitResponsesStarted() throws InterruptedException;

    /** Blocks until {@link #report()} completes, at most until 2 seconds after the deadline; returns whether it did. */
    boolean awaitReport() throws InterruptedException;

    /**
     * Makes {@link DrainPhase#FORCING} the next phase that takes any time: nothing is waited for any more. Returns at
     * once. A step of the server that is under way ends within its own limit.
     */
    void force();
}
