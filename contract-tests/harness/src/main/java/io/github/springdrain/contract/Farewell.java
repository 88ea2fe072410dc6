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
public record Farewell(int code, String reason, long atNanos, Ending ending) {

    /** Waits for the end for as long as {@code limit}, and answers the close frame if told to. */
    public static Farewell of(WebSocketPeer peer, boolean answer, Duration limit) {
        WebSocketFrame close = peer.awaitClose(limit);
        long now = System.nanoTime();
        if (close == null) {
            return new Farewell(0, "", now, peer.awaitEnd(limit));
        }
        if (answer) {
            peer.answerClose(close.closeCode());
        }
        return new Farewell(close.closeCode(), close.closeReason(), now, peer.awaitEnd(limit));
    }

    /** The time between the first and the last of them. */
    public static Duration spread(List<Farewell> farewells) {
        long[] moments =
                farewells.stream().mapToLong(Farewell::atNanos).sorted().toArray();
        return Duration.ofNanos(moments[moments.length - 1] - moments[0]);
    }
}
