// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.spring;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MimeType;

/**
 * Which responses may end anywhere, and what their clients get before. Half a download that ends as if it were
 * whole is worse than one that is aborted, so only media types made of messages count, and never a response that has told
 * its length.
 *
 * @param mediaTypes the types of responses that may be ended; one without a type may be, too
 * @param retry the reconnection time that is sent to clients of server-sent events; {@code null} to send none
 */
public record StreamPolicy(
        List<MimeType> mediaTypes, @Nullable Duration retry) {

    /** Of spring-core: an application without a server may well have no spring-web. */
    private static final MimeType EVENT_STREAM = new MimeType("text", "event-stream");

    /** Copies the list. */
    public StreamPolicy {
        mediaTypes = List.copyOf(mediaTypes);
    }

    /** Whether a response may end anywhere. */
    public boolean mayEnd(@Nullable MimeType type, boolean lengthIsTold) {
        return !lengthIsTold && (type == null || this.mediaTypes.stream().anyMatch((each) -> each.includes(type)));
    }

    /**
     * What is sent before the end of a response of this type: an event that carries the reconnection time alone; nothing
     * on other types.
     */
    public byte[] lastWords(@Nullable MimeType type) {
        Duration time = this.retry;
        return (time != null && EVENT_STREAM.equalsTypeAndSubtype(type))
                ? ("retry:" + time.toMillis() + "\n\n").getBytes(StandardCharsets.US_ASCII)
                : new byte[0];
    }
}
