// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.contract;

import java.time.Duration;
import java.util.List;

/**
 * The end of a WebSocket session as its client saw it.
 *
 * @param code the code of the server's close frame; 0 when none came
 * @param reason its reason
 * @param atNanos when it came, as {@link System#nanoTime()}
 * @param ending how the connection ended afterwards
 */
public record WebSocketClose(int code, String reason, long atNanos, ConnectionEnd ending) {

    /** Waits for the end for as long as {@code limit}, and responds to the close frame if asked to. */
    public static WebSocketClose of(WebSocketPeer peer, boolean response, Duration limit) {
        WebSocketFrame close = peer.awaitClose(limit);
        long now = System.nanoTime();
        if (close == null) {
            return new WebSocketClose(0, "", now, peer.awaitEnd(limit));
        }
        if (response) {
            peer.respondToClose(close.closeCode());
        }
        return new WebSocketClose(close.closeCode(), close.closeReason(), now, peer.awaitEnd(limit));
    }

    /** The time between the first and the last of them. */
    public static Duration spread(List<WebSocketClose> closes) {
        long[] moments =
                closes.stream().mapToLong(WebSocketClose::atNanos).sorted().toArray();
        return Duration.ofNanos(moments[moments.length - 1] - moments[0]);
    }
}
