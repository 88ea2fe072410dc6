package io.github.springdrain.server.linger;

import io.github.springdrain.server.InvalidSettingException;
import java.time.Duration;

/**
 * How long, and for how much, a thread of the server reads what the application has left of a request body, where the
 * response has promised to keep the connection. A body that does not end within that is left to the lingering close.
 * Immutable; refuses values that cannot be worked with.
 *
 * @param timeout the time; zero to read nothing and end the connection
 * @param maxBytes the number of bytes, where the container has no limit of its own for that
 */
public record UnreadBodyLimits(Duration timeout, long maxBytes) {

    // Before the defaults, whose constructor reads it.
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** 100 ms, 2 MiB. */
    public static final UnreadBodyLimits DEFAULTS = new UnreadBodyLimits(Duration.ofMillis(100), 2L << 20);

    /**
     * Checks each value by itself.
     *
     * @throws InvalidSettingException if one is out of its range; the message names it, its value and the range
     */
    public UnreadBodyLimits {
        boolean allowed = !timeout.isNegative() && timeout.compareTo(LONGEST) <= 0;
        LingerLimits.require(allowed, "unread-body-timeout", timeout, "zero or more, at most " + LONGEST);
        LingerLimits.require(maxBytes >= 0, "unread-body-max-bytes", maxBytes, "zero or more");
    }
}
