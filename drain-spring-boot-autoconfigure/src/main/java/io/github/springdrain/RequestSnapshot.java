// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One request in service, as seen by a scan; values may be a moment old.
 *
 * @param method the HTTP method, or {@code "?"} when it is not known
 * @param path the path without its query (which may hold secrets), or {@code "?"} when it is not known
 * @param age the time since the request began
 * @param bytesRead bytes of the request body read so far; -1 when it is not known
 * @param bytesWritten bytes of the response body written so far; -1 when it is not known
 * @param thread the name of the thread that serves it, {@code null} when none does or it is not known
 * @param suspended whether it is known that no thread of the server serves it: an asynchronous request whose response
 *     depends on something else
 */
public record RequestSnapshot(
        String method,
        String path,
        Duration age,
        long bytesRead,
        long bytesWritten,
        @Nullable String thread,
        boolean suspended) {

    /** Creates one that is not known to be suspended. */
    public RequestSnapshot(
            String method, String path, Duration age, long bytesRead, long bytesWritten, @Nullable String thread) {
        this(method, path, age, bytesRead, bytesWritten, thread, false);
    }
}
