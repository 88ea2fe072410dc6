package io.github.springdrain.server;

import java.time.Duration;

/**
 * The limits of emptying the accept queue.
 *
 * @param timeout the limit of the phase
 * @param quietPeriod how long no connection may have come in before the listener is closed, where nothing better than the
 *     server's own counts is known
 */
public record AcceptQueueLimits(Duration timeout, Duration quietPeriod) {

    /**
     * Checks each duration.
     *
     * @throws InvalidSettingException if one is negative
     */
    public AcceptQueueLimits {
        InvalidSettingException.requireNotNegative("accept-queue.timeout", timeout);
        InvalidSettingException.requireNotNegative("accept-queue.quiet-period", quietPeriod);
    }
}
