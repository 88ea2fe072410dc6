package io.github.springdrain.linger;

/** A limit that cannot be worked with; its message names the limit, its value and what is expected. */
public final class InvalidLimitException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String limit;

    private final transient Object value;

    private final String expected;

    InvalidLimitException(String limit, Object value, String expected) {
        super(limit + ": " + value + " (expected: " + expected + ")");
        this.limit = limit;
        this.value = value;
        this.expected = expected;
    }

    /** The limit's name, such as {@code idle-timeout}. */
    public String limit() {
        return this.limit;
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
