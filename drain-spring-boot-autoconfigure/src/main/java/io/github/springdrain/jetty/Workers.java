package io.github.springdrain.jetty;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The threads that are at requests. Jetty offers no way from a request to its thread but the text that it prints for
 * people, so a thread is known by its name here. Virtual threads are not found.
 */
final class Workers {

    private static final Pattern HANDLING = Pattern.compile("handling=Thread\\[(?:#\\d+,)?([^,\\]]+),");

    private Workers() {}

    /** The name of the thread that a channel's text shows; {@code null} where none is at the request. */
    static @Nullable String name(String channel) {
        Matcher matcher = HANDLING.matcher(channel);
        return matcher.find() ? matcher.group(1) : null;
    }

    /** Interrupts what is blocked, while the application is whole and can deal with it. */
    static void interrupt(List<String> names) {
        if (names.isEmpty()) {
            return;
        }
        Map<String, Thread> threads = Thread.getAllStackTraces().keySet().stream()
                .collect(Collectors.toMap(Thread::getName, Function.identity(), (first, second) -> first));
        names.stream().map(threads::get).filter(Objects::nonNull).forEach(Thread::interrupt);
    }
}
