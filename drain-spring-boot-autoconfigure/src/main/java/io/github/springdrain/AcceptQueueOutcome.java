// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

/**
 * What came of emptying the accept queues of a server.
 *
 * @param level the weakest level that was used on one of its listeners; {@code unknown} where nobody knows what was left
 * @param note why a level is weaker than the one that was found at start-up, or what could not be done; empty if there is
 *     nothing to say
 * @param rescued connections accepted while the queue was emptied: a plain close would have reset them
 * @param abandonedHandshakes handshakes that had not completed at the limit; 0 where the kernel shows none
 * @param notAccepted connections the kernel had completed and the acceptor had not taken at the limit; 0 where the kernel
 *     shows none
 * @param complete whether every queue was empty, by the means of its level, and every acceptor was waiting
 * @param handedOver whether another listener on the same address takes new clients, of this process or another
 */
public record AcceptQueueOutcome(
        String level,
        String note,
        long rescued,
        int abandonedHandshakes,
        int notAccepted,
        boolean complete,
        boolean handedOver) {

    /** Nothing was there to be emptied. */
    public static final AcceptQueueOutcome NOTHING = new AcceptQueueOutcome("none", "", 0, 0, 0, true, false);

    /** The outcome is unknown: the step failed. */
    public static final AcceptQueueOutcome UNKNOWN = new AcceptQueueOutcome("unknown", "", 0, 0, 0, false, false);
}
