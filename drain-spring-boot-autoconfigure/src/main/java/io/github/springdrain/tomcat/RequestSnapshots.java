package io.github.springdrain.tomcat;

import io.github.springdrain.RequestSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.coyote.Request;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;

/**
 * Reads what a request is while a worker may be at it. {@code MessageBytes.toString()} caches its result in the object,
 * so the bytes are read instead; at worst they are those of the next request on the connection.
 */
final class RequestSnapshots {

    private static final String UNKNOWN = "?";

    private RequestSnapshots() {}

    static RequestSnapshot of(DrainHttp11Processor processor) {
        Request request = processor.request();
        Thread worker = processor.worker();
        long start = request.getStartTimeNanos();
        Duration age = (start > 0) ? Duration.ofNanos(System.nanoTime() - start) : Duration.ZERO;
        return new RequestSnapshot(
                orUnknown(request.getMethod()),
                path(request.requestURI()),
                age,
                request.getBytesRead(),
                processor.response().getContentWritten(),
                (worker != null) ? worker.getName() : null);
    }

    /** Tomcat offers no way from a connection to the requests of its streams. */
    static List<RequestSnapshot> ofStreams(int count) {
        return Collections.nCopies(count, new RequestSnapshot(UNKNOWN, UNKNOWN, Duration.ZERO, -1, -1, null));
    }

    private static String path(MessageBytes uri) {
        if (uri.getType() != MessageBytes.T_BYTES) {
            return orUnknown(uri.getString());
        }
        ByteChunk bytes = uri.getByteChunk();
        byte[] buffer = bytes.getBuffer();
        int start = bytes.getStart();
        int end = bytes.getEnd();
        if (buffer == null || start < 0 || end > buffer.length || start >= end) {
            return UNKNOWN;
        }
        return new String(buffer, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private static String orUnknown(@org.jspecify.annotations.Nullable String text) {
        return (text != null && !text.isEmpty()) ? text : UNKNOWN;
    }
}
