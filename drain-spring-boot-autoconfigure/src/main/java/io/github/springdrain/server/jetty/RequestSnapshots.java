// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.jetty;

import io.github.springdrain.RequestSnapshot;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Reads what a request is while a thread may be at it: at worst, Jetty has recycled it for the next one meanwhile. */
final class RequestSnapshots {

    private static final String UNKNOWN = "?";

    /** Jetty offers no way from a stream to its request but the text that it prints for people. */
    private static final Pattern STREAM =
            Pattern.compile("age=(\\d+),request=(\\w+)\\{u=(?:[a-zA-Z]+://[^/,?]*)?([^?,}]*)");

    private RequestSnapshots() {}

    static RequestSnapshot of(Request request, long bytesWritten, @Nullable Thread thread, boolean suspended) {
        try {
            String path = request.getHttpURI().getPath();
            return new RequestSnapshot(
                    request.getMethod(),
                    (path != null) ? path : UNKNOWN,
                    Duration.ofNanos(System.nanoTime() - request.getBeginNanoTime()),
                    Request.getContentBytesRead(request),
                    bytesWritten,
                    (thread != null) ? thread.getName() : null,
                    suspended);
        } catch (RuntimeException ex) {
            return new RequestSnapshot(UNKNOWN, UNKNOWN, Duration.ZERO, -1, -1, null);
        }
    }

    static RequestSnapshot ofStream(String text) {
        Matcher matcher = STREAM.matcher(text);
        if (!matcher.find()) {
            return new RequestSnapshot(UNKNOWN, UNKNOWN, Duration.ZERO, -1, -1, null);
        }
        Duration age = Duration.ofMillis(Long.parseLong(matcher.group(1)));
        return new RequestSnapshot(matcher.group(2), matcher.group(3), age, -1, -1, null);
    }
}
