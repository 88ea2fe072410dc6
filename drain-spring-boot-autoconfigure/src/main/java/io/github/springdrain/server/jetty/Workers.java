package io.github.springdrain.server.jetty;

import java.lang.reflect.Field;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.internal.HttpChannelState;
import org.eclipse.jetty.util.thread.AutoLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that are at requests. Jetty offers no way from a request to its thread but the text that it prints for
 * people, so this takes a look at two fields; where one is missing, no thread is named or interrupted.
 */
final class Workers {

    private static final Logger logger = LoggerFactory.getLogger(Workers.class);

    private static final @Nullable Field HANDLING = field("_handling", Thread.class);

    private static final @Nullable Field LOCK = field("_lock", AutoLock.class);

    private Workers() {}

    private static @Nullable Field field(String name, Class<?> type) {
        try {
            Field field = HttpChannelState.class.getDeclaredField(name);
            field.setAccessible(true);
            return (field.getType() == type) ? field : stepBack("its type is " + field.getType());
        } catch (ReflectiveOperationException | RuntimeException | LinkageError ex) {
            return stepBack(ex.toString());
        }
    }

    private static @Nullable Field stepBack(String reason) {
        logger.info(
                "This version of Jetty hides which thread is at a request ({}): it is not named in the report, and not"
                        + " interrupted at the deadline",
                reason);
        return null;
    }

    /** The thread that is at the channel's request; {@code null} where none is, or none is known. */
    static @Nullable Thread at(HttpChannel channel) {
        return (HANDLING != null && get(HANDLING, channel) instanceof Thread thread) ? thread : null;
    }

    /**
     * Interrupts what is blocked, while the application is whole and can deal with it. Jetty lets a thread go under the
     * same lock, so that it serves nobody else yet when it is hit.
     */
    @SuppressWarnings("try") // The lock is held, not used.
    static void interrupt(HttpChannel channel, Request request) {
        if (LOCK == null || !(get(LOCK, channel) instanceof AutoLock lock)) {
            return;
        }
        try (AutoLock ignored = lock.lock()) {
            Thread thread = at(channel);
            if (thread != null && channel.getRequest() == request) {
                thread.interrupt();
            }
        }
    }

    private static @Nullable Object get(Field field, HttpChannel channel) {
        try {
            return field.getDeclaringClass().isInstance(channel) ? field.get(channel) : null;
        } catch (ReflectiveOperationException ex) {
            return null;
        }
    }
}
