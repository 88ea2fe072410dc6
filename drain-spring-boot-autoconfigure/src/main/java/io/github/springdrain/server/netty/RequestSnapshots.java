// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.RequestSnapshot;
import io.netty.channel.Channel;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerRequest;

/** Reads requests that are being served; what is read may be a moment old. */
final class RequestSnapshots {

    private static final String UNKNOWN = "?";

    private RequestSnapshots() {}

    /**
     * The request that a connection or a stream serves; {@code null} if it serves none.
     *
     * @param longest how long its connection has been there
     */
    static @Nullable RequestSnapshot of(Channel channel, Duration longest, @Nullable String thread) {
        if (!(ChannelOperations.get(channel) instanceof HttpServerRequest request)) {
            return null;
        }
        return new RequestSnapshot(
                request.method().name(),
                request.fullPath(),
                age(request.timestamp(), ZonedDateTime.now(request.timestamp().getZone()), longest),
                -1,
                -1,
                thread,
                thread == null);
    }

    /** Reactor Netty knows only by the wall clock when a request began, and that may have been set since. */
    static Duration age(ZonedDateTime begun, ZonedDateTime now, Duration longest) {
        Duration age = Duration.between(begun, now);
        if (age.isNegative()) {
            return Duration.ZERO;
        }
        return (age.compareTo(longest) < 0) ? age : longest;
    }

    /** One for each open stream, whether or not its request is known. */
    static List<RequestSnapshot> ofStreams(
            List<Channel> streams, int count, Duration longest, @Nullable String thread) {
        List<RequestSnapshot> requests = new ArrayList<>();
        for (Channel stream : streams) {
            RequestSnapshot request = of(stream, longest, thread);
            if (request != null && requests.size() < count) {
                requests.add(request);
            }
        }
        while (requests.size() < count) {
            requests.add(new RequestSnapshot(UNKNOWN, UNKNOWN, Duration.ZERO, -1, -1, thread));
        }
        return requests;
    }
}
