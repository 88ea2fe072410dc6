// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/**
 * Where a server stands on its way out of service, in order. Phases only go forward, but for one way back: from
 * {@link #ANNOUNCED} to {@link #RUNNING}, as long as nothing has been closed.
 */
public enum DrainPhase {

    /** Serves as ever; left when a drain starts. */
    RUNNING,

    /**
     * The close is advertised (readiness, {@code Connection: close}, GOAWAY) while connections are still accepted and served;
     * left when the announcement has lasted long enough, or back to {@link #RUNNING} by a resume.
     */
    ANNOUNCED,

    /**
     * New handshakes are refused where the kernel allows it, those under way complete, and the acceptor takes what the
     * kernel holds; left when nothing is held any more, or at the limit of this phase.
     */
    EMPTYING_ACCEPT_QUEUE,

    /**
     * The listeners are closed and new clients are refused, or served by another process in a hand-over; left at once.
     */
    CLOSED_TO_NEW,

    /** What was accepted runs to its end and idle connections are closed; left when nothing is left, or in time to force. */
    FINISHING,

    /** The deadline is near, or the wait was ended early: what is left is listed, then aborted; left at once. */
    FORCING,

    /** The drain is over and its report is complete; final. */
    DRAINED;

    /** Whether a drain in this phase may enter {@code next}. */
    public boolean mayMoveTo(DrainPhase next) {
        return switch (this) {
            case RUNNING -> next == ANNOUNCED;
            case ANNOUNCED -> next == EMPTYING_ACCEPT_QUEUE || next == RUNNING;
            case EMPTYING_ACCEPT_QUEUE -> next == CLOSED_TO_NEW;
            case CLOSED_TO_NEW -> next == FINISHING;
            case FINISHING -> next == FORCING || next == DRAINED;
            case FORCING -> next == DRAINED;
            case DRAINED -> false;
        };
    }
}
