// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.engine;

import io.github.springdrain.DrainPhase;
import io.github.springdrain.server.AcceptQueueLimits;
import io.github.springdrain.server.IdleLimits;
import io.github.springdrain.server.InvalidSettingException;
import java.time.Duration;

/**
 * How a drain goes about its work. Immutable; every part refuses a value it cannot work with.
 *
 * @param timeout the whole drain, from the first trigger to the end of {@link DrainPhase#FORCING}
 * @param announce the phase that advertises the close
 * @param acceptQueue the phase that takes what the kernel holds
 * @param connections the graces of connections without a request
 * @param streams open-ended streams
 */
public record DrainSettings(
        Duration timeout, Announce announce, AcceptQueueLimits acceptQueue, IdleLimits connections, Streams streams) {

    /** The settings of a drain whose user set nothing, away from Kubernetes. */
    public static final DrainSettings DEFAULTS = new DrainSettings(
            Duration.ofSeconds(25),
            new Announce(Duration.ZERO, Duration.ZERO, Duration.ZERO, ConnectionClose.IMMEDIATE),
            new AcceptQueueLimits(Duration.ofSeconds(3), Duration.ofSeconds(1)),
            new IdleLimits(Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofSeconds(5)));

    /** Settings that let streams go on until shortly before the deadline. */
    public DrainSettings(Duration timeout, Announce announce, AcceptQueueLimits acceptQueue, IdleLimits connections) {
        this(timeout, announce, acceptQueue, connections, Streams.untilTheLast(Duration.ZERO));
    }

    /**
     * Checks the values against each other.
     *
     * @throws InvalidSettingException if the timeout is not positive, or the announcement would use it up
     */
    public DrainSettings {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(InvalidSettingException.LONGEST) > 0) {
            throw new InvalidSettingException(
                    "timeout", timeout, "more than zero, at most " + InvalidSettingException.LONGEST);
        }
        if (announce.delay.compareTo(timeout) >= 0) {
            throw new InvalidSettingException(
                    "announce.delay", announce.delay, "less than the timeout of the whole drain, " + timeout);
        }
    }

    /** When responses start to notify HTTP/1.1 clients that the connection ends. */
    public enum ConnectionClose {

        /** Every response from the announcement on. */
        IMMEDIATE,

        /** A share of the responses that grows from none to all over the announcement, so that reconnects spread. */
        GRADUAL,

        /** None before the listeners are closed. */
        NEVER
    }

    /**
     * The announcement.
     *
     * @param delay how long to keep serving after the announcement
     * @param minDelay the part of the delay that quiet traffic does not shorten
     * @param quietPeriod how long traffic has to be silent to end the delay early; zero to never do so
     * @param connectionClose when responses start to carry {@code Connection: close}
     */
    public record Announce(Duration delay, Duration minDelay, Duration quietPeriod, ConnectionClose connectionClose) {

        /**
         * Checks each duration.
         *
         * @throws InvalidSettingException if one is negative, or {@code minDelay} is longer than {@code delay}
         */
        public Announce {
            InvalidSettingException.requireNotNegative("announce.delay", delay);
            InvalidSettingException.requireNotNegative("announce.min-delay", minDelay);
            InvalidSettingException.requireNotNegative("announce.quiet-period", quietPeriod);
            if (minDelay.compareTo(delay) > 0) {
                throw new InvalidSettingException("announce.min-delay", minDelay, "at most announce.delay, " + delay);
            }
        }
    }

    /**
     * Open-ended streams.
     *
     * @param timeout how long they may go on, from the first trigger; never longer than until shortly before the
     *     deadline, and never shorter than until the listeners are closed
     * @param spread the time over which they are ended
     */
    public record Streams(Duration timeout, Duration spread) {

        /**
         * Checks each duration.
         *
         * @throws InvalidSettingException if one is negative
         */
        public Streams {
            InvalidSettingException.requireNotNegative("streams.timeout", timeout);
            InvalidSettingException.requireNotNegative("streams.spread", spread);
        }

        /** Streams that go on until shortly before the deadline. */
        public static Streams untilTheLast(Duration spread) {
            return new Streams(InvalidSettingException.LONGEST, spread);
        }
    }
}
