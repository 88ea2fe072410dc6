// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.linger;

import io.github.springdrain.server.InvalidSettingException;
import java.time.Duration;

/**
 * How long, and for how much, a connection lingers before it is closed although its peer has not closed yet. Immutable;
 * refuses values that cannot be worked with.
 *
 * @param idleTimeout the longest time in which nothing moves
 * @param timeout the longest time in all
 * @param maxBytes how many bytes of the peer are read and thrown away
 * @param maxConnections how many connections may linger at the same time; each holds a file descriptor and, apart from
 *     the kernel's buffers, less than 1 KiB
 * @param unreadBody what is read of a body before its connection lingers
 */
public record LingerLimits(
        Duration idleTimeout, Duration timeout, long maxBytes, int maxConnections, UnreadBody unreadBody) {

    // Before the defaults, whose constructor reads it.
    private static final Duration LONGEST = Duration.ofDays(1);

    /** 5 s without a byte, 30 s in all, 256 MiB, 4096 connections. */
    public static final LingerLimits DEFAULTS =
            new LingerLimits(Duration.ofSeconds(5), Duration.ofSeconds(30), 256L << 20, 4096);

    /**
     * Checks each value by itself.
     *
     * @throws InvalidSettingException if one is out of its range; the message names it, its value and the range
     */
    public LingerLimits {
        require(isAllowed(idleTimeout), "idle-timeout", idleTimeout, "more than zero, at most " + LONGEST);
        require(isAllowed(timeout), "timeout", timeout, "more than zero, at most " + LONGEST);
        require(maxBytes > 0, "max-bytes", maxBytes, "more than zero");
        require(maxConnections > 0, "max-connections", maxConnections, "more than zero");
    }

    /** Creates limits with the default ones for bodies that the application has not read. */
    public LingerLimits(Duration idleTimeout, Duration timeout, long maxBytes, int maxConnections) {
        this(idleTimeout, timeout, maxBytes, maxConnections, UnreadBody.DEFAULTS);
    }

    private static boolean isAllowed(Duration duration) {
        return !duration.isNegative() && !duration.isZero() && duration.compareTo(LONGEST) <= 0;
    }

    private static void require(boolean allowed, String name, Object value, String expected) {
        if (!allowed) {
            throw new InvalidSettingException(name, value, expected);
        }
    }

    /**
     * How long, and for how much, a thread of the server reads what the application has left of a request body, where the
     * response has promised to keep the connection. A body that does not end within that is left to the lingering close.
     * Immutable; refuses values that cannot be worked with.
     *
     * @param timeout the time; zero to read nothing and end the connection
     * @param maxBytes the number of bytes, where the container has no limit of its own for that
     */
    public record UnreadBody(Duration timeout, long maxBytes) {

        // Before the defaults, whose constructor reads it.
        private static final Duration LONGEST = Duration.ofMinutes(1);

        /** 100 ms, 2 MiB. */
        public static final UnreadBody DEFAULTS = new UnreadBody(Duration.ofMillis(100), 2L << 20);

        /**
         * Checks each value by itself.
         *
         * @throws InvalidSettingException if one is out of its range; the message names it, its value and the range
         */
        public UnreadBody {
            boolean allowed = !timeout.isNegative() && timeout.compareTo(LONGEST) <= 0;
            require(allowed, "unread-body-timeout", timeout, "zero or more, at most " + LONGEST);
            require(maxBytes >= 0, "unread-body-max-bytes", maxBytes, "zero or more");
        }
    }
}
