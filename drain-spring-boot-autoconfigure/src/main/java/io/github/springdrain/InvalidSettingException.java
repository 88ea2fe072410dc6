package io.github.springdrain;

/** A setting whose value is not allowed; its message names the setting, the value and what is expected. */
public final class InvalidSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String setting;

    private final transient Object value;

    private final String expected;

    InvalidSettingException(String setting, Object value, String expected) {
        super(setting + ": " + value + " (expected: " + expected + ")");
        this.setting = setting;
        this.value = value;
        this.expected = expected;
    }

    /** The setting's name, relative to the drain's own, such as {@code announce.delay}. */
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
