package io.github.springdrain.undertow;

import io.github.springdrain.RequestSnapshot;
import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Reads requests that others are at work on; what is read may be a moment old. */
final class RequestSnapshots {

    private static final String UNKNOWN = "?";

    private RequestSnapshots() {}

    static RequestSnapshot of(HttpServerExchange exchange) {
        long start = exchange.getRequestStartTime();
        Duration age = (start != -1) ? Duration.ofNanos(System.nanoTime() - start) : Duration.ZERO;
        String path = exchange.getRequestPath();
        return new RequestSnapshot(
                exchange.getRequestMethod().toString(),
                (path != null && !path.isEmpty()) ? path : UNKNOWN,
                age,
                -1,
                exchange.getResponseBytesSent(),
                null);
    }

    /** Undertow offers no way from a connection to the requests of its streams. */
    static List<RequestSnapshot> ofStreams(int count) {
        return Collections.nCopies(count, new RequestSnapshot(UNKNOWN, UNKNOWN, Duration.ZERO, -1, -1, null));
    }
}
