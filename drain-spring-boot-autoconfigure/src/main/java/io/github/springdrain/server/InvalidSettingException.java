// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server;

import java.time.Duration;

/** A setting whose value is not allowed; its message names the setting, the value and what is expected. */
public final class InvalidSettingException extends IllegalArgumentException {

    /** The longest duration that a setting may have. */
    public static final Duration LONGEST = Duration.ofDays(1);

    private static final long serialVersionUID = 1L;

    private final String setting;

    private final transient Object value;

    private final String expected;

    /**
     * Creates the exception.
     *
     * @param setting the setting's name, relative to {@code server.drain}
     * @param value the value that is refused
     * @param expected what would have been allowed
     */
    public InvalidSettingException(String setting, Object value, String expected) {
        super(setting + ": " + value + " (expected: " + expected + ")");
        this.setting = setting;
        this.value = value;
        this.expected = expected;
    }

    /**
     * Refuses a duration that is negative or longer than {@link #LONGEST}.
     *
     * @throws InvalidSettingException if it is
     */
    public static void requireNotNegative(String setting, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new InvalidSettingException(setting, value, "zero or more, at most " + LONGEST);
        }
    }

    /** The setting's name, relative to {@code server.drain}, such as {@code announce.delay}. */
    public String setting() {
        return this.setting;
    }

    /** The value that was refused. */
    public Object value() {
        return this.value;
    }

    /** What would have been allowed. */
    public String expected() {
        return this.expected;
    }
}
