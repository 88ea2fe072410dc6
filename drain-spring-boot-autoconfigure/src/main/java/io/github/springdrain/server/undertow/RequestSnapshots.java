// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.undertow;

import io.github.springdrain.RequestSnapshot;
import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads requests that others are at work on; what is read may be a moment old. */
final class RequestSnapshots {

    private static final String UNKNOWN = "?";

    private RequestSnapshots() {}

    static RequestSnapshot of(HttpServerExchange exchange) {
        long start = exchange.getRequestStartTime();
        Duration age = (start != -1) ? Duration.ofNanos(System.nanoTime() - start) : Duration.ZERO;
        Thread thread = ServingThread.at(exchange);
        String path = exchange.getRequestPath();
        return new RequestSnapshot(
                exchange.getRequestMethod().toString(),
                (path != null && !path.isEmpty()) ? path : UNKNOWN,
                age,
                -1,
                exchange.getResponseBytesSent(),
                (thread != null) ? thread.getName() : null,
                ServingThread.hasLeft(exchange));
    }

    /** One for each open stream, whether or not its request is known. */
    static List<RequestSnapshot> ofStreams(List<HttpServerExchange> known, int count) {
        List<RequestSnapshot> requests = new ArrayList<>();
        known.forEach((exchange) -> requests.add(of(exchange)));
        while (requests.size() < count) {
            requests.add(new RequestSnapshot(UNKNOWN, UNKNOWN, Duration.ZERO, -1, -1, null));
        }
        return requests;
    }
}
