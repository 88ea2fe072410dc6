// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import io.github.springdrain.RequestSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a request is while a worker may be at it. {@code MessageBytes.toString()} caches its result in the object,
 * so the bytes are read instead; at worst they are those of the next request on the connection.
 */
final class RequestSnapshots {

    private static final String UNKNOWN = "?";

    private RequestSnapshots() {}

    static RequestSnapshot of(DrainHttp11Processor processor) {
        Thread worker = processor.worker();
        return of(processor.request(), processor.response(), (worker != null) ? worker.getName() : null);
    }

    private static RequestSnapshot of(Request request, Response response, @Nullable String thread) {
        long start = request.getStartTimeNanos();
        Duration age = (start > 0) ? Duration.ofNanos(System.nanoTime() - start) : Duration.ZERO;
        return new RequestSnapshot(
                orUnknown(request.getMethod()),
                path(request.requestURI()),
                age,
                request.getBytesRead(),
                response.getContentWritten(),
                thread,
                thread == null && isAsync(request));
    }

    private static boolean isAsync(Request request) {
        AtomicBoolean async = new AtomicBoolean();
        request.action(ActionCode.ASYNC_IS_ASYNC, async);
        return async.get();
    }

    /** One for each open stream, whether or not its request is known. */
    static List<RequestSnapshot> ofStreams(Http2GracefulClose connection) {
        List<RequestSnapshot> requests = new ArrayList<>();
        List<Internals.Exchange> exchanges = Internals.http2Exchanges(connection.handler());
        for (Internals.Exchange exchange : (exchanges != null) ? exchanges : List.<Internals.Exchange>of()) {
            Request request = exchange.request();
            requests.add(of(
                    request, exchange.response(), request.getRequestProcessor().getWorkerThreadName()));
        }
        while (requests.size() < connection.activeStreams()) {
            requests.add(new RequestSnapshot(UNKNOWN, UNKNOWN, Duration.ZERO, -1, -1, null));
        }
        return requests;
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

    private static String orUnknown(@Nullable String text) {
        return (text != null && !text.isEmpty()) ? text : UNKNOWN;
    }
}
