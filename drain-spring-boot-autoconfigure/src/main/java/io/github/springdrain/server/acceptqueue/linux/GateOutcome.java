package io.github.springdrain.server.acceptqueue.linux;

import io.github.springdrain.server.GateLevel;

/**
 * What came of emptying the accept queues of a server's listeners.
 *
 * @param level the weakest level that was used on one of the listeners
 * @param note why a level is weaker than the one that was probed, or what could not be done; empty if there is nothing
 *     to say
 * @param accepted connections accepted from the moment the gate was set
 * @param abandonedHandshakes handshakes that had not completed at the limit; 0 where the kernel shows none
 * @param notAccepted connections the kernel had completed and the acceptor had not taken at the limit; 0 where the kernel
 *     shows none
 * @param complete whether every queue was empty, by the means of its level, and every acceptor was waiting
 */
public record GateOutcome(
        GateLevel level, String note, long accepted, int abandonedHandshakes, int notAccepted, boolean complete) {}
