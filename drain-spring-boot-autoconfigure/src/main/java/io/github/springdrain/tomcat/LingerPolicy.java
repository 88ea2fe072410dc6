package io.github.springdrain.tomcat;

import io.github.springdrain.linger.LingeringCloser;
import org.jspecify.annotations.Nullable;

/**
 * Whether and by whom connections with unread input are closed lingeringly, and whether a drain closes idle ones.
 * Thread-safe; shared by every channel of a server.
 */
final class LingerPolicy {

    /** Closes as Tomcat does. */
    static final LingerPolicy OFF = new LingerPolicy(null);

    private final @Nullable LingeringCloser closer;

    private volatile boolean closingIdle;

    LingerPolicy(@Nullable LingeringCloser closer) {
        this.closer = closer;
    }

    @Nullable LingeringCloser closer() {
        return this.closer;
    }

    /** While idle connections are being closed, a request may cross the FIN and must not be answered by RST. */
    boolean isClosingIdle() {
        return this.closingIdle;
    }

    void setClosingIdle(boolean value) {
        this.closingIdle = value;
    }
}
