// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.tomcat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * A request that a client has sent behind another one, without waiting for its response. What has been read of it is in
 * the same buffer. Tomcat's own count of what is left there is wrong while a body is being read, so the buffer is
 * searched for the end of the head and, behind it, for what every request line has; a body that contains that too is
 * taken for a request, and a later response advertises the close to its client.
 */
final class PipelinedRequest {

    private static final byte[] VERSION = " HTTP/1.".getBytes(StandardCharsets.US_ASCII);

    private PipelinedRequest() {}

    /** Whether another request line has been read behind the head of {@code request}. */
    static boolean isReadBehind(Request request) {
        if (!(request.getInputBuffer() instanceof ApplicationBufferHandler handler)) {
            return false;
        }
        ByteBuffer buffer = handler.getByteBuffer();
        return buffer != null && isVersionIn(buffer, endOfHead(buffer));
    }

    /** Tomcat takes a bare LF for the end of a line. */
    private static int endOfHead(ByteBuffer buffer) {
        boolean lineIsEmpty = false;
        for (int i = 0; i < buffer.limit(); i++) {
            byte next = buffer.get(i);
            if (next == '\n' && lineIsEmpty) {
                return i + 1;
            }
            lineIsEmpty = next == '\n' || (next == '\r' && lineIsEmpty);
        }
        return buffer.limit();
    }

    private static boolean isVersionIn(ByteBuffer buffer, int from) {
        for (int i = from; i <= buffer.limit() - VERSION.length; i++) {
            int matched = 0;
            while (matched < VERSION.length && buffer.get(i + matched) == VERSION[matched]) {
                matched++;
            }
            if (matched == VERSION.length) {
                return true;
            }
        }
        return false;
    }
}
