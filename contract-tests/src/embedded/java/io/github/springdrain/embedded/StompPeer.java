// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.springdrain.contract.RawClient;
import io.github.springdrain.contract.WebSocketClose;
import io.github.springdrain.contract.WebSocketFrame;
import io.github.springdrain.contract.WebSocketPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;

/** A STOMP client over WebSocket. Used by one thread at a time. */
final class StompPeer {

    private final String name;

    private final WebSocketPeer peer;

    private StompPeer(String name, WebSocketPeer peer) {
        this.name = name;
        this.peer = peer;
    }

    /**
     * Connects.
     *
     * @param name begins every message that it sends; at most 20 characters
     */
    static StompPeer open(RawClient client, String name) throws IOException {
        WebSocketPeer peer = WebSocketPeer.open(client, "/stomp");
        peer.text("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0");
        WebSocketFrame connected = peer.read(Sessions.LIMIT);
        assertThat(connected).isNotNull();
        assertThat(connected.payload()).startsWith("CONNECTED");
        return new StompPeer(name, peer);
    }

    WebSocketPeer webSocket() {
        return this.peer;
    }

    /**
     * Sends one message after the other, each when the one before was delivered, until the server says goodbye.
     *
     * @param destination where they go
     * @param delivered whether a message has arrived there
     */
    Chat chat(String destination, Predicate<String> delivered) {
        int sent = 0;
        while (true) {
            String body = this.name + "-" + sent++;
            this.peer.text("SEND\ndestination:" + destination + "\n\n" + body + "\0");
            long start = System.nanoTime();
            while (!delivered.test(body)) {
                if (this.peer.isReadable(Duration.ofMillis(1))) {
                    return new Chat(sent - 1, WebSocketClose.of(this.peer, true, Sessions.LIMIT));
                }
                assertThat(System.nanoTime() - start).as(body).isLessThan(Sessions.LIMIT.toNanos());
            }
        }
    }

    /**
     * What became of it.
     *
     * @param delivered how many messages arrived; one more was sent, and crossed the server's goodbye
     * @param close how it ended
     */
    record Chat(int delivered, WebSocketClose close) {}
}
