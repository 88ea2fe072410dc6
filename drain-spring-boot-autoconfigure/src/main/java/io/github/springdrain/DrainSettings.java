package io.github.springdrain;

import java.time.Duration;

/**
 * How a drain goes about its work. Immutable; every part refuses a value it cannot work with.
 *
 * @param timeout the whole drain, from the first trigger to the end of {@link DrainPhase#FORCING}
 * @param announce the phase that tells everybody
 * @param acceptQueue the phase that takes what the kernel holds
 * @param connections the graces of connections without a request
 * @param streams responses that go on for ever
 */
public record DrainSettings(
        Duration timeout, Announce announce, AcceptQueue acceptQueue, Connections connections, Streams streams) {

    // Before the defaults, whose constructors read it.
    private static final Duration LONGEST = Duration.ofDays(1);

    /** The settings of a drain whose user set nothing, away from Kubernetes. */
    public static final DrainSettings DEFAULTS = new DrainSettings(
            Duration.ofSeconds(25),
            new Announce(Duration.ZERO, Duration.ZERO, Duration.ZERO, ConnectionClose.IMMEDIATE),
            new AcceptQueue(Duration.ofSeconds(3), Duration.ofSeconds(1)),
            new Connections(Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofSeconds(5)));

    /** Settings that let streams go on until shortly before the deadline. */
    public DrainSettings(Duration timeout, Announce announce, AcceptQueue acceptQueue, Connections connections) {
        this(timeout, announce, acceptQueue, connections, Streams.untilTheLast(Duration.ZERO));
    }

    /**
     * Checks the values against each other.
     *
     * @throws InvalidSettingException if the timeout is not positive, or the announcement would use it up
     */
    public DrainSettings {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw new InvalidSettingException("timeout", timeout, "more than zero, at most " + LONGEST);
        }
        if (announce.delay.compareTo(timeout) >= 0) {
            throw new InvalidSettingException(
                    "announce.delay", announce.delay, "less than the timeout of the whole drain, " + timeout);
        }
    }

    /** When answers start to tell HTTP/1.1 clients that the connection ends. */
    public enum ConnectionClose {

        /** Every answer from the announcement on. */
        IMMEDIATE,

        /** A share of the answers that grows from none to all over the announcement, so that reconnects spread. */
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
     * @param connectionClose when answers start to carry {@code Connection: close}
     */
    public record Announce(Duration delay, Duration minDelay, Duration quietPeriod, ConnectionClose connectionClose) {

        /**
         * Checks each duration.
         *
         * @throws InvalidSettingException if one is negative, or {@code minDelay} is longer than {@code delay}
         */
        public Announce {
            requireNotNegative("announce.delay", delay);
            requireNotNegative("announce.min-delay", minDelay);
            requireNotNegative("announce.quiet-period", quietPeriod);
            if (minDelay.compareTo(delay) > 0) {
                throw new InvalidSettingException("announce.min-delay", minDelay, "at most announce.delay, " + delay);
            }
        }
    }

    /**
     * Emptying the accept queue.
     *
     * @param timeout the limit of the phase
     * @param quietPeriod how long no connection may have come in before the listener is closed, where nothing better
     *     than the server's own counts is known
     */
    public record AcceptQueue(Duration timeout, Duration quietPeriod) {

        /**
         * Checks each duration.
         *
         * @throws InvalidSettingException if one is negative
         */
        public AcceptQueue {
            requireNotNegative("accept-queue.timeout", timeout);
            requireNotNegative("accept-queue.quiet-period", quietPeriod);
        }
    }

    /**
     * Connections that have no request in service.
     *
     * @param firstRequestGrace how long a new connection may take to send its first byte
     * @param idleGrace how long a connection has to be idle before it is closed
     * @param stallTimeout how long a handshake, a request head or the peer's answer to a close may make no progress
     * @param closeSpread the time over which connections that left HTTP, such as WebSockets, are told to close
     */
    public record Connections(
            Duration firstRequestGrace, Duration idleGrace, Duration stallTimeout, Duration closeSpread) {

        /** Graces where every WebSocket is told at once. */
        public Connections(Duration firstRequestGrace, Duration idleGrace, Duration stallTimeout) {
            this(firstRequestGrace, idleGrace, stallTimeout, Duration.ZERO);
        }

        /**
         * Checks each duration.
         *
         * @throws InvalidSettingException if one is negative
         */
        public Connections {
            requireNotNegative("connections.first-request-grace", firstRequestGrace);
            requireNotNegative("connections.idle-grace", idleGrace);
            requireNotNegative("connections.stall-timeout", stallTimeout);
            requireNotNegative("websocket.close-spread", closeSpread);
        }

        /** The same graces with what is left of the time to tell WebSockets. */
        Connections within(Duration closeSpreadLeft) {
            return new Connections(this.firstRequestGrace, this.idleGrace, this.stallTimeout, closeSpreadLeft);
        }
    }

    /**
     * Responses that go on for ever.
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
            requireNotNegative("streams.timeout", timeout);
            requireNotNegative("streams.spread", spread);
        }

        /** Streams that go on until shortly before the deadline. */
        public static Streams untilTheLast(Duration spread) {
            return new Streams(LONGEST, spread);
        }
    }

    private static void requireNotNegative(String setting, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new InvalidSettingException(setting, value, "zero or more, at most " + LONGEST);
        }
    }
}
