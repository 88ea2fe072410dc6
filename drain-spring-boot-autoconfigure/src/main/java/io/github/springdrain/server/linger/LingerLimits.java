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
 */
public record LingerLimits(Duration idleTimeout, Duration timeout, long maxBytes, int maxConnections) {

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

    private static boolean isAllowed(Duration duration) {
        return !duration.isNegative() && !duration.isZero() && duration.compareTo(LONGEST) <= 0;
    }

    static void require(boolean allowed, String name, Object value, String expected) {
        if (!allowed) {
            throw new InvalidSettingException(name, value, expected);
        }
    }
}
