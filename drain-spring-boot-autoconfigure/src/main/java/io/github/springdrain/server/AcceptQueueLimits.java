// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import java.time.Duration;

/**
 * The limits of emptying the accept queue.
 *
 * @param timeout the limit of the phase; see also {@link #longest}
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

    /**
     * The limit where the queue gets shorter all the time: half of what is left of the drain, so that what is accepted can
     * be served.
     */
    public Duration longest(Duration remaining) {
        Duration half = remaining.dividedBy(2);
        Duration longer = (half.compareTo(this.timeout) > 0) ? half : this.timeout;
        return (longer.compareTo(remaining) < 0) ? longer : remaining;
    }
}
